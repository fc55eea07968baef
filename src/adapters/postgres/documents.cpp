#include "adapters/postgres/documents.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/utf8.hpp"

namespace mlbilling::postgres {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::string_view opening = "{\"bytes\": \"";
constexpr std::string_view closing = "\"}";

bool is_utf8(std::string_view text) {
    const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    while (!text.empty()) {
        const auto plain = std::ranges::find_if_not(text, is_ascii) - text.begin();
        text.remove_prefix(static_cast<std::size_t>(plain));
        if (text.empty()) break;
        const auto point = utf8::first(text);
        if (!point.valid) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

char half_byte(char digit) {
    const auto value = digits.find(digit);
    CHECK(value != std::string_view::npos);
    return static_cast<char>(value);
}

}  // namespace

std::string column_of(std::string document) {
    if (is_utf8(document)) return document;
    std::string column(opening);
    for (const char c : document) {
        const auto byte = static_cast<unsigned char>(c);
        column += digits[byte >> 4U];
        column += digits[byte & 0xfU];
    }
    column += closing;
    return column;
}

std::string document_of(std::string_view column) {
    if (!column.starts_with(opening)) return std::string(column);
    column.remove_prefix(opening.size());
    CHECK(column.ends_with(closing));
    column.remove_suffix(closing.size());
    CHECK(column.size() % 2 == 0);
    std::string document;
    for (std::size_t i = 0; i < column.size(); i += 2)
        document += static_cast<char>(half_byte(column[i]) * 16 + half_byte(column[i + 1]));
    return document;
}

}  // namespace mlbilling::postgres
