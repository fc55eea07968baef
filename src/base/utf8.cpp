#include "base/utf8.hpp"

#include "base/check.hpp"

namespace mlbilling::utf8 {
namespace {

/// What the first byte of a sequence says about the rest of it.
struct Lead {
    std::size_t length;
    unsigned lowest_second;
    unsigned highest_second;
};

/// Length 0 for a byte that begins nothing. The bounds of the second byte keep out overlong forms
/// (E0, F0), surrogates (ED) and what lies above U+10FFFF (F4).
Lead lead_of(unsigned byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

unsigned byte_at(std::string_view bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

CodePoint first(std::string_view bytes) {
    CHECK(!bytes.empty());
    const unsigned byte = byte_at(bytes, 0);
    if (byte < 0x80) return {byte, 1, true};
    const Lead lead = lead_of(byte);
    if (lead.length == 0 || bytes.size() < lead.length) return {};
    const unsigned second = byte_at(bytes, 1);
    if (second < lead.lowest_second || second > lead.highest_second) return {};
    char32_t value = byte & (0x7Fu >> lead.length);
    for (std::size_t i = 1; i < lead.length; ++i) {
        const unsigned next = byte_at(bytes, i);
        if ((next & 0xC0u) != 0x80u) return {};
        value = value << 6u | (next & 0x3Fu);
    }
    return {value, lead.length, true};
}

void append(std::string& text, char32_t code_point) {
    CHECK(code_point <= 0x10FFFF);
    CHECK(code_point < 0xD800 || code_point > 0xDFFF);
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    const auto put_continuation = [&](unsigned shift) {
        put(0x80u | (code_point >> shift & 0x3Fu));
    };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xC0u | code_point >> 6u);
    } else if (code_point < 0x10000) {
        put(0xE0u | code_point >> 12u);
        put_continuation(6);
    } else {
        put(0xF0u | code_point >> 18u);
        put_continuation(12);
        put_continuation(6);
    }
    put_continuation(0);
}

}  // namespace mlbilling::utf8
