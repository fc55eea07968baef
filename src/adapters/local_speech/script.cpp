#include "adapters/local_speech/script.hpp"

#include <array>
#include <optional>

#include "base/utf8.hpp"
#include "domain/characters.hpp"

namespace mlbilling::local_speech {
namespace {

struct Range {
    char32_t first;
    char32_t last;
    Script script;
};

/// Unicode blocks (Blocks.txt) in ascending order.
constexpr std::array scripts{
    Range{0x0000, 0x024F, Script::latin},    Range{0x0250, 0x036F, Script::latin},
    Range{0x0370, 0x03FF, Script::greek},    Range{0x0400, 0x052F, Script::cyrillic},
    Range{0x0530, 0x058F, Script::armenian}, Range{0x0590, 0x05FF, Script::hebrew},
    Range{0x0600, 0x077F, Script::arabic},   Range{0x0900, 0x097F, Script::devanagari},
    Range{0x10A0, 0x10FF, Script::georgian}, Range{0x1100, 0x11FF, Script::korean},
    Range{0x1C80, 0x1C8F, Script::cyrillic}, Range{0x1E00, 0x1EFF, Script::latin},
    Range{0x1F00, 0x1FFF, Script::greek},    Range{0x2000, 0x2BFF, Script::latin},
    Range{0x2DE0, 0x2DFF, Script::cyrillic}, Range{0x3040, 0x30FF, Script::japanese},
    Range{0x3130, 0x318F, Script::korean},   Range{0x3400, 0x9FFF, Script::chinese},
    Range{0xA640, 0xA69F, Script::cyrillic}, Range{0xAC00, 0xD7AF, Script::korean},
    Range{0xFB00, 0xFB06, Script::latin},    Range{0xFB50, 0xFDFF, Script::arabic},
    Range{0xFF00, 0xFF60, Script::latin},    Range{0x1D400, 0x1D7FF, Script::latin},
    Range{0x1F100, 0x1F1FF, Script::latin},  Range{0x20000, 0x3134F, Script::chinese},
};

/// U+00C0 to U+017F without their accents; a space where there is no letter.
constexpr std::string_view plain_letters =
    "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
constexpr char32_t first_plain = 0xC0;
static_assert(plain_letters.size() == 0x180 - first_plain);

struct Mark {
    char32_t typographic;
    std::string_view plain;
};

constexpr std::array marks{
    Mark{0x2010, "-"},       Mark{0x2011, "-"},        Mark{0x2012, "-"},
    Mark{0x2013, " - "},     Mark{0x2014, " - "},      Mark{0x2018, "'"},
    Mark{0x2019, "'"},       Mark{0x201C, "\""},       Mark{0x201D, "\""},
    Mark{0x201E, "\""},      Mark{0xAB, "\""},         Mark{0xBB, "\""},
    Mark{0x2026, "..."},     Mark{0x20AC, " euro "},   Mark{0xA3, " pound "},
    Mark{0xB0, " degrees "}, Mark{0x2116, " number "}, Mark{0x300, ""},
    Mark{0x301, ""},         Mark{0x302, ""},          Mark{0x303, ""},
    Mark{0x308, ""},         Mark{0x30C, ""},          Mark{0xAD, ""},
};

Script script_of(char32_t letter) {
    for (const auto& range : scripts) {
        if (letter >= range.first && letter <= range.last) return range.script;
    }
    return Script::other;
}

void append_plain(std::string& text, char32_t c) {
    if (c < 0x80) {
        text += is_control(c) && c != U'\n' ? ' ' : static_cast<char>(c);
        return;
    }
    if (c >= first_plain && c < first_plain + plain_letters.size()) {
        text += plain_letters[c - first_plain];
        return;
    }
    for (const auto& mark : marks) {
        if (mark.typographic != c) continue;
        text += mark.plain;
        return;
    }
    text += ' ';
}

}  // namespace

Script script_of(std::string_view valid_utf8) {
    while (!valid_utf8.empty()) {
        const auto letter = utf8::first(valid_utf8);
        valid_utf8.remove_prefix(letter.length);
        if (!is_word_character(letter.value)) continue;
        const Script script = script_of(letter.value);
        if (script != Script::latin) return script;
    }
    return Script::latin;
}

std::string to_ascii(std::string_view valid_utf8) {
    std::string text;
    while (!valid_utf8.empty()) {
        const auto letter = utf8::first(valid_utf8);
        valid_utf8.remove_prefix(letter.length);
        append_plain(text, letter.value);
    }
    return text;
}

}  // namespace mlbilling::local_speech
