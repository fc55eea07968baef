#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mlbilling::utf8 {
namespace {

bool operator==(const CodePoint& a, const CodePoint& b) {
    return a.value == b.value && a.length == b.length && a.valid == b.valid;
}

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

TEST(Utf8, ReadsBackEveryCodePointThereIs) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (is_surrogate(c)) continue;
        std::string text;
        append(text, c);
        ASSERT_TRUE(first(text) == (CodePoint{c, text.size(), true}))
            << std::hex << std::uint32_t{c};
    }
}

/// The definition, without bounds on single bytes: a lead byte's length and payload, continuation
/// bytes, and a value that this length is the shortest for.
CodePoint by_definition(const std::string& bytes) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF8   ? 0
                               : lead >= 0xF0 ? 4
                               : lead >= 0xE0 ? 3
                               : lead >= 0xC0 ? 2
                                              : 0;
    if (length == 0 || bytes.size() < length) return {};
    char32_t value = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(bytes[i]);
        if (next < 0x80 || next > 0xBF) return {};
        value = value * 64 + (next - 0x80u);
    }
    const char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10FFFF || is_surrogate(value)) return {};
    return {value, length, true};
}

TEST(Utf8, JudgesEveryPairAndTripleOfBytesByTheDefinition) {
    for (int a = 0; a < 256; ++a)
        for (int b = 0; b < 256; ++b)
            for (int c = 0; c < 256; c += (a < 0xE0 ? 51 : 1)) {
                const std::string bytes{static_cast<char>(a), static_cast<char>(b),
                                        static_cast<char>(c)};
                ASSERT_TRUE(first(bytes) == by_definition(bytes)) << a << ' ' << b << ' ' << c;
            }
}

TEST(Utf8, JudgesFourByteSequencesByTheDefinition) {
    for (int a = 0xEE; a < 256; ++a)
        for (int b = 0; b < 256; ++b)
            for (const int c : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF})
                for (const int d : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF}) {
                    const std::string bytes{static_cast<char>(a), static_cast<char>(b),
                                            static_cast<char>(c), static_cast<char>(d)};
                    ASSERT_TRUE(first(bytes) == by_definition(bytes))
                        << a << ' ' << b << ' ' << c << ' ' << d;
                }
}

TEST(Utf8, ATruncatedSequenceIsOneInvalidByte) {
    for (const std::string whole : {"é", "€", "😀"})
        for (std::size_t length = 1; length < whole.size(); ++length)
            EXPECT_TRUE(first(whole.substr(0, length)) == CodePoint{}) << whole << length;
}

TEST(Utf8DeathTest, OurOwnCodeWritesNoImpossibleCodePoint) {
    std::string text;
    EXPECT_DEATH(append(text, 0xD800), "broken promise");
    EXPECT_DEATH(append(text, 0x110000), "broken promise");
    EXPECT_DEATH(first(""), "broken promise");
}

}  // namespace
}  // namespace mlbilling::utf8
