#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mlbilling::utf8 {

/// What stands in for a byte that is not valid UTF-8: U+FFFD.
constexpr char32_t replacement = 0xFFFD;

/// One step through a text.
struct CodePoint {
    char32_t value = replacement;
    /// Bytes that it takes; 1 for an invalid byte.
    std::size_t length = 1;
    bool valid = false;
};

/// The code point that `bytes`, which is not empty, begins with. Strict (Unicode 15, table 3-7):
/// overlong forms, surrogates, values above U+10FFFF and truncated sequences are invalid, one
/// byte at a time.
CodePoint first(std::string_view bytes);

void append(std::string& text, char32_t code_point);

}  // namespace mlbilling::utf8
