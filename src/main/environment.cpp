#include "main/environment.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace mlbilling {
namespace {

constexpr std::size_t largest_file = 64 * 1024;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool is_name(std::string_view text) {
    if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
    return text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
           std::string_view::npos;
}

std::string unquoted(std::string_view value) {
    const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    if (quoted) return std::string(value.substr(1, value.size() - 2));
    const auto comment = value.find(" #");
    return std::string(trimmed(value.substr(0, comment)));
}

}  // namespace

Result<Environment> parse_env_file(std::string_view content) {
    Environment result;
    int number = 0;
    while (!content.empty()) {
        ++number;
        const auto end = content.find('\n');
        auto line = trimmed(content.substr(0, end));
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        if (line.empty() || line.front() == '#') continue;
        if (line.starts_with("export ")) line = trimmed(line.substr(7));
        const auto equals = line.find('=');
        const auto name = trimmed(line.substr(0, equals));
        if (equals == std::string_view::npos || !is_name(name))
            return Problem{".env line " + std::to_string(number) + " is not NAME=value"};
        result[std::string(name)] = unquoted(trimmed(line.substr(equals + 1)));
    }
    return result;
}

Result<Environment> read_environment() {
    Environment result;
    if (std::ifstream file(".env", std::ios::binary); file) {
        std::string content((std::istreambuf_iterator<char>(file)), {});
        if (content.size() > largest_file) return Problem{".env is larger than 64 KiB"};
        auto parsed = parse_env_file(content);
        if (!parsed) return parsed;
        result = std::move(*parsed);
    }
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            result[std::string(text.substr(0, equals))] = std::string(text.substr(equals + 1));
    }
    return result;
}

}  // namespace mlbilling
