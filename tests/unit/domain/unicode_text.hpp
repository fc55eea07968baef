#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "base/utf8.hpp"

namespace mlbilling::test {

/// Any code point that UTF-8 can carry, those at the edges of its lengths more often.
inline rc::Gen<char32_t> any_code_point() {
    return rc::gen::weightedOneOf<char32_t>(
        {{6, rc::gen::cast<char32_t>(rc::gen::inRange<std::uint32_t>(0x20, 0x7F))},
         {3, rc::gen::elementOf(std::u32string(U" \n\t.!?…。»\"\u0301\u200D\uFE0F\u00A0"))},
         {2, rc::gen::cast<char32_t>(rc::gen::inRange<std::uint32_t>(0x400, 0x460))},
         {1, rc::gen::elementOf(std::u32string(U"\0\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF"
                                               U"\U00010000\U0001F600\U0010FFFF",
                                               11))},
         {1, rc::gen::cast<char32_t>(rc::gen::inRange<std::uint32_t>(0xE000, 0x110000))}});
}

inline std::string encoded(const std::vector<char32_t>& code_points) {
    std::string text;
    for (const char32_t c : code_points) utf8::append(text, c);
    return text;
}

inline rc::Gen<std::string> any_valid_text() {
    return rc::gen::map(rc::gen::container<std::vector<char32_t>>(any_code_point()), encoded);
}

/// Valid and broken sequences mixed: what a hostile sender's text looks like.
inline rc::Gen<std::string> any_bytes() {
    const auto byte = rc::gen::cast<char>(rc::gen::inRange(0, 256));
    const auto garbage = rc::gen::container<std::string>(byte);
    return rc::gen::map(
        rc::gen::pair(rc::gen::pair(any_valid_text(), garbage), any_valid_text()),
        [](const auto& parts) { return parts.first.first + parts.first.second + parts.second; });
}

}  // namespace mlbilling::test
