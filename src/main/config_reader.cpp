#include "main/config_reader.hpp"

#include <algorithm>
#include <charconv>

#include "main/addresses.hpp"

namespace mlbilling {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::string> ConfigReader::text(const std::string& name, const std::string& alias) {
    for (const auto& candidate : {name, alias}) {
        const auto found = environment_.find(candidate);
        if (found == environment_.end()) continue;
        const auto value = trimmed(found->second);
        if (has_control(value))
            refuse(candidate, "holds a line break or another control character");
        if (!value.empty()) return std::string(value);
    }
    return std::nullopt;
}

std::vector<std::string> ConfigReader::list(const std::string& name) {
    std::vector<std::string> items;
    const auto value = text(name);
    if (!value) return items;
    std::string_view rest = *value;
    while (true) {
        const auto comma = rest.find(',');
        const auto item = trimmed(rest.substr(0, comma));
        if (item.empty()) refuse(name, "has an empty item in its comma-separated list");
        items.emplace_back(item);
        if (comma == std::string_view::npos) return items;
        rest.remove_prefix(comma + 1);
    }
}

void ConfigReader::number(const std::string& name, std::int64_t low, std::int64_t high,
                          const std::function<void(std::int64_t)>& set) {
    const auto value = text(name);
    if (!value) return;
    const auto parsed = whole_number(*value);
    if (!parsed || *parsed < low || *parsed > high)
        return refuse(name, "is not a whole number from " + std::to_string(low) + " to " +
                                std::to_string(high));
    set(*parsed);
}

void ConfigReader::seconds(const std::string& name, std::int64_t low, std::int64_t high,
                           Duration& value) {
    number(name, low, high, [&](auto n) { value = Duration(n * 1'000); });
}

void ConfigReader::choice(const std::string& name, std::initializer_list<std::string_view> known) {
    const auto value = text(name);
    if (!value || std::find(known.begin(), known.end(), *value) != known.end()) return;
    std::string names;
    for (const auto& option : known) names += (names.empty() ? "" : ", ") + std::string(option);
    refuse(name, "is not one of: " + names);
}

void ConfigReader::path(const std::string& name, std::string& value) {
    const auto text = this->text(name);
    if (!text) return;
    if (const auto problem = problem_with_path(*text)) return refuse(name, problem->message);
    value = *text;
}

void ConfigReader::web_address(const std::string& name, std::string& value) {
    const auto url = text(name);
    if (!url) return;
    if (const auto problem = problem_with_address(*url, {"http", "https"}))
        return refuse(name, problem->message);
    value = url->ends_with('/') ? url->substr(0, url->size() - 1) : *url;
}

}  // namespace mlbilling
