#include "domain/characters.hpp"

#include <clocale>
#include <cwctype>

#include "base/check.hpp"

namespace mlbilling {
namespace {

/// libc's Unicode tables, which every Debian carries as C.UTF-8. A locale object of our own depends
/// on no setlocale() and is only read, so threads may share it; it lives as long as the process.
locale_t unicode_tables() {
    static locale_t tables = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return tables;
}

locale_t unicode() {
    locale_t tables = unicode_tables();
    CHECK(tables != nullptr);
    return tables;
}

}  // namespace

bool load_unicode_tables() { return unicode_tables() != nullptr; }

bool is_newline(char32_t c) {
    return c == U'\n' || c == U'\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == U' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_word_character(char32_t c) { return iswalnum_l(static_cast<wint_t>(c), unicode()) != 0; }

}  // namespace mlbilling
