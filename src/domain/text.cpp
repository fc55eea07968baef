#include "domain/text.hpp"

#include "base/utf8.hpp"
#include "domain/characters.hpp"

namespace mlbilling {

std::size_t utf16_length(char32_t c) { return c > 0xFFFF ? 2 : 1; }

std::string normalised(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool gap = false;
    bool gap_has_newline = false;
    while (!text.empty()) {
        const auto c = utf8::first(text);
        text.remove_prefix(c.length);
        if (is_space(c.value) || is_control(c.value)) {
            gap = true;
            gap_has_newline = gap_has_newline || is_newline(c.value);
            continue;
        }
        if (gap && !out.empty()) out += gap_has_newline ? '\n' : ' ';
        gap = gap_has_newline = false;
        utf8::append(out, c.value);
    }
    return out;
}

std::string_view trimmed(std::string_view valid_utf8) {
    std::size_t begin = valid_utf8.size();
    std::size_t end = begin;
    for (std::size_t at = 0; at < valid_utf8.size();) {
        const auto c = utf8::first(valid_utf8.substr(at));
        if (!is_space(c.value)) {
            if (begin == valid_utf8.size()) begin = at;
            end = at + c.length;
        }
        at += c.length;
    }
    return valid_utf8.substr(begin, end - begin);
}

std::size_t count_code_points(std::string_view valid_utf8) {
    std::size_t count = 0;
    for (; !valid_utf8.empty(); ++count) valid_utf8.remove_prefix(utf8::first(valid_utf8).length);
    return count;
}

std::size_t count_utf16_units(std::string_view valid_utf8) {
    std::size_t count = 0;
    while (!valid_utf8.empty()) {
        const auto c = utf8::first(valid_utf8);
        valid_utf8.remove_prefix(c.length);
        count += utf16_length(c.value);
    }
    return count;
}

bool has_words(std::string_view valid_utf8) {
    while (!valid_utf8.empty()) {
        const auto c = utf8::first(valid_utf8);
        if (is_word_character(c.value)) return true;
        valid_utf8.remove_prefix(c.length);
    }
    return false;
}

std::string shortened(std::string_view valid_utf8, std::size_t longest) {
    std::size_t units = 0;
    // What still fits when the ellipsis, one unit, has to follow it.
    std::size_t end_before_ellipsis = 0;
    for (std::size_t at = 0; at < valid_utf8.size();) {
        const auto c = utf8::first(valid_utf8.substr(at));
        at += c.length;
        units += utf16_length(c.value);
        if (units < longest) end_before_ellipsis = at;
        if (units > longest) {
            if (longest == 0) return {};
            return std::string(trimmed(valid_utf8.substr(0, end_before_ellipsis))) + "…";
        }
    }
    return std::string(valid_utf8);
}

}  // namespace mlbilling
