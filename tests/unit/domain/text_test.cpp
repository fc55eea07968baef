#include "domain/text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <clocale>

#include "domain/characters.hpp"
#include "unicode_text.hpp"

namespace mlbilling {
namespace {

using namespace std::string_literals;

TEST(NormalisedText, EveryInvalidByteBecomesOneReplacementCharacter) {
    EXPECT_EQ(normalised("a\xFFz"), "a\uFFFDz");
    EXPECT_EQ(normalised("\xC0\xAF"), "\uFFFD\uFFFD");                      // overlong '/'
    EXPECT_EQ(normalised("\xE0\x80\xAF"), "\uFFFD\uFFFD\uFFFD");            // overlong '/'
    EXPECT_EQ(normalised("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");            // surrogate U+D800
    EXPECT_EQ(normalised("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // U+110000
    EXPECT_EQ(normalised("\xF0\x9F\x98"), "\uFFFD\uFFFD\uFFFD");            // a truncated emoji
    EXPECT_EQ(normalised("\xE2\x82Z"), "\uFFFD\uFFFDZ");                    // 'Z' is not swallowed
}

TEST(NormalisedText, WhiteSpaceAndControlsCollapse) {
    EXPECT_EQ(normalised("  a \t b\u00A0\u3000c  "), "a b c");
    EXPECT_EQ(normalised("a \r\n \n b"), "a\nb");
    EXPECT_EQ(normalised("a\u2028b\u2029c\u0085d"), "a\nb\nc\nd");
    EXPECT_EQ(normalised("a\0b\x1B[31mc\x7F"s), "a b [31mc");
    EXPECT_EQ(normalised(" \n\t "), "");
    EXPECT_EQ(normalised(""), "");
}

TEST(NormalisedText, CombiningMarksAndJoinersStay) {
    EXPECT_EQ(normalised("e\u0301 👨\u200D👩\u200D👧"), "e\u0301 👨\u200D👩\u200D👧");
}

RC_GTEST_PROP(NormalisedText, IsValidAndNormalisingItAgainChangesNothing, ()) {
    const auto text = normalised(*test::any_bytes());
    RC_ASSERT(normalised(text) == text);
    for (std::string_view rest = text; !rest.empty();) {
        const auto c = utf8::first(rest);
        RC_ASSERT(c.valid);
        RC_ASSERT(!is_control(c.value) || c.value == U'\n');
        rest.remove_prefix(c.length);
    }
}

TEST(TextLength, CountsCodePointsNotBytesNorWhatLooksLikeOneCharacter) {
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("Привет"), 6u);
    EXPECT_EQ(count_code_points("e\u0301"), 2u);
    EXPECT_EQ(count_code_points("👨\u200D👩\u200D👧"), 5u);
    EXPECT_EQ(count_code_points("🇷🇺"), 2u);
}

TEST(TextLength, CountsUtf16UnitsAsTelegramDoes) {
    EXPECT_EQ(count_utf16_units("Привет"), 6u);
    EXPECT_EQ(count_utf16_units("\uFFFF"), 1u);
    EXPECT_EQ(count_utf16_units("\U00010000"), 2u);
    EXPECT_EQ(count_utf16_units("👨\u200D👩\u200D👧"), 8u);
}

RC_GTEST_PROP(TextLength, AgreesWithTheCodePointsThatMadeTheText, ()) {
    const auto points = *rc::gen::container<std::vector<char32_t>>(test::any_code_point());
    const auto text = test::encoded(points);
    std::size_t units = 0;
    for (const auto c : points) units += c >= 0x10000 ? 2 : 1;
    RC_ASSERT(count_code_points(text) == points.size());
    RC_ASSERT(count_utf16_units(text) == units);
}

TEST(Words, AreLettersOrDigitsOfAnyScript) {
    for (const auto* text : {"a", "7", "ё", "中", "ا", "क", "٣", "…é!", "한"})
        EXPECT_TRUE(has_words(text)) << text;
    for (const auto* text :
         {"", " ", "...", "😀", "👨\u200D👩\u200D👧", "\u0301", "«—»", "🔥!", "\uFFFD"})
        EXPECT_FALSE(has_words(text)) << text;
}

TEST(Words, DoNotDependOnTheLocaleOfTheProcess) {
    const std::string before = std::setlocale(LC_ALL, nullptr);
    ASSERT_NE(std::setlocale(LC_ALL, "C"), nullptr);
    EXPECT_TRUE(has_words("ё"));
    std::setlocale(LC_ALL, before.c_str());
}

TEST(Trimmed, KeepsWhatLiesWithin) {
    EXPECT_EQ(trimmed(" \u3000a b\n"), "a b");
    EXPECT_EQ(trimmed(" \n"), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(Shortened, EndsWithAnEllipsisOnlyWhereSomethingIsMissing) {
    EXPECT_EQ(shortened("Привет", 6), "Привет");
    EXPECT_EQ(shortened("Привет", 5), "Прив…");
    EXPECT_EQ(shortened("two words", 5), "two…");
    EXPECT_EQ(shortened("😀😀", 4), "😀😀");
    EXPECT_EQ(shortened("😀😀", 3), "😀…");
    EXPECT_EQ(shortened("😀😀", 2), "…");
    EXPECT_EQ(shortened("ab", 1), "…");
    EXPECT_EQ(shortened("ab", 0), "");
}

RC_GTEST_PROP(Shortened, IsNeverLongerThanAsked, ()) {
    const auto text = *test::any_valid_text();
    const auto longest = *rc::gen::inRange<std::size_t>(0, 40);
    const auto result = shortened(text, longest);
    RC_ASSERT(count_utf16_units(result) <= longest);
    RC_ASSERT((result == text) == (count_utf16_units(text) <= longest) || longest == 0);
}

TEST(Text, AMegabyteOfAnythingTakesLinearTime) {
    // Quadratic work on 1 MB would take minutes; the bound is loose, for a busy machine.
    const auto start = std::chrono::steady_clock::now();
    for (const std::string unit :
         {"\xFF", "\xF0\x9F\x98", "a", " ", "\n", "😀", "А. ", "a. ", ".", "\u0301"}) {
        std::string text;
        while (text.size() < 1'000'000) text += unit;
        const auto clean = normalised(text);
        count_code_points(clean);
        count_utf16_units(clean);
        has_words(clean);
        shortened(text, 500'000);
        split_at_sentences(text, 4096);
        split_at_sentences(clean, 2);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace mlbilling
