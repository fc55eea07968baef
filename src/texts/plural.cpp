#include "texts/plural.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace mlbilling {
namespace {

/// Forms for 1, 2 and 5 (CLDR: one, few, many); English uses the first and the last.
using Forms = std::array<std::string_view, 3>;

Forms forms(Language language, Noun noun) {
    const bool russian = language == Language::russian;
    switch (noun) {
        case Noun::credit:
            return russian ? Forms{"кредит", "кредита", "кредитов"}
                           : Forms{"credit", "credits", "credits"};
        case Noun::character:
            return russian ? Forms{"знак", "знака", "знаков"}
                           : Forms{"character", "characters", "characters"};
        case Noun::second:
            return russian ? Forms{"секунда", "секунды", "секунд"}
                           : Forms{"second", "seconds", "seconds"};
        case Noun::minute:
            return russian ? Forms{"минута", "минуты", "минут"}
                           : Forms{"minute", "minutes", "minutes"};
    }
    return {};
}

std::uint64_t magnitude(std::int64_t value) {
    return value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::size_t form_index(Language language, std::uint64_t count) {
    if (language == Language::english) return count == 1 ? 0 : 2;
    const auto last = count % 10;
    const auto last_two = count % 100;
    if (last_two >= 11 && last_two <= 14) return 2;
    if (last == 1) return 0;
    return last >= 2 && last <= 4 ? 1 : 2;
}

std::string grouped(Language language, std::uint64_t value) {
    auto digits = std::to_string(value);
    if (value < 10'000) return digits;
    // A no-break space keeps a number on one line.
    const std::string_view separator = language == Language::russian ? "\u00a0" : ",";
    for (auto at = digits.size() - 3; at > 0 && at < digits.size(); at -= 3)
        digits.insert(at, separator);
    return digits;
}

std::string two_digits(std::int64_t value) {
    auto digits = std::to_string(value);
    return digits.size() < 2 ? "0" + digits : digits;
}

}  // namespace

std::string number(Language language, std::int64_t value) {
    return (value < 0 ? "−" : "") + grouped(language, magnitude(value));
}

std::string signed_number(Language language, std::int64_t value) {
    return (value > 0 ? "+" : "") + number(language, value);
}

std::string counted(Language language, Noun noun, std::int64_t count) {
    const auto form = forms(language, noun)[form_index(language, magnitude(count))];
    return number(language, count) + " " + std::string(form);
}

std::string counted(Language language, Credits credits) {
    return counted(language, Noun::credit, credits.value());
}

std::string clock_time(Duration span) {
    const auto all =
        std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(span).count());
    const auto hours = all / 3600;
    const auto minutes = all / 60 % 60;
    const auto tail = ":" + two_digits(all % 60);
    if (hours == 0) return std::to_string(minutes) + tail;
    return std::to_string(hours) + ":" + two_digits(minutes) + tail;
}

std::string rough_time(Language language, Duration span) {
    const auto seconds =
        std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(span).count());
    if (seconds < 60) return counted(language, Noun::second, seconds);
    return counted(language, Noun::minute, seconds / 60);
}

}  // namespace mlbilling
