#include "domain/result_key.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace mlbilling {
namespace {

constexpr std::size_t longest_key = 200;
constexpr int most_key_parts = 8;

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

bool is_key_part(std::string_view part) {
    return !part.empty() && part.front() != '.' && std::ranges::all_of(part, is_key_character);
}

std::string two_digits(unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string hour_of(Time moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const auto hour = std::chrono::floor<std::chrono::hours>(moment - day).count();
    return std::to_string(static_cast<int>(date.year())) + '-' +
           two_digits(static_cast<unsigned>(date.month())) + '-' +
           two_digits(static_cast<unsigned>(date.day())) + '-' +
           two_digits(static_cast<unsigned>(hour));
}

}  // namespace

ResultKey key_of_voice(const TaskId& task, Epoch epoch, Time begun, std::size_t part) {
    return ResultKey(hour_of(begun) + '/' + task.value() + '-' + std::to_string(epoch.value()) +
                     '-' + std::to_string(part) + ".ogg");
}

bool is_result_key(const ResultKey& result_key) {
    const std::string_view key = result_key.value();
    if (key.size() > longest_key) return false;
    int parts = 0;
    for (std::size_t start = 0; start <= key.size();) {
        const auto end = std::min(key.find('/', start), key.size());
        if (!is_key_part(key.substr(start, end - start))) return false;
        if (++parts > most_key_parts) return false;
        start = end + 1;
    }
    return true;
}

}  // namespace mlbilling
