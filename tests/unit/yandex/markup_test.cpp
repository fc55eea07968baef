#include "adapters/yandex/markup.hpp"

#include <gmock/gmock.h>

#include "domain/text.hpp"

namespace mlbilling::yandex {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Markup, PlainTextStaysAsItIs) {
    EXPECT_EQ(speakable("Привет, мир! Hello, 100 % (да) — «ёлка» №5.", "ru"),
              "Привет, мир! Hello, 100 % (да) — «ёлка» №5.");
}

TEST(Markup, AStressMarkBehindAVowelBecomesAPlusBeforeIt) {
    EXPECT_EQ(speakable("за\u0301мок и замо\u0301к", "ru"), "з+амок и зам+ок");
    EXPECT_EQ(speakable("А\u0301нна", "ru"), "+Анна");
}

TEST(Markup, APlusBeforeAVowelIsAStressMark) {
    EXPECT_EQ(speakable("з+амок", "ru"), "з+амок");
    EXPECT_EQ(speakable("+Анна и «+Ева»\n+ода", "ru"), "+Анна и «+Ева»\n+ода");
}

TEST(Markup, AVowelMarkedInBothWaysIsMarkedOnce) {
    EXPECT_EQ(speakable("з+а\u0301мок", "ru"), "з+амок");
}

TEST(Markup, AStressMarkWhereNoVowelIsSaysNothing) {
    EXPECT_EQ(speakable("к\u0301от", "ru"), "кот");
    EXPECT_EQ(speakable("\u0301кот", "ru").find('+'), std::string::npos);
}

TEST(Markup, ALatinLetterKeepsItsAccent) { EXPECT_EQ(speakable("cafe\u0301", "en"), "cafe\u0301"); }

TEST(Markup, EveryOtherPlusIsSaid) {
    EXPECT_EQ(speakable("2+2", "ru"), "2 плюс 2");
    EXPECT_EQ(speakable("2+а", "ru"), "2 плюс а");
    EXPECT_EQ(speakable("C++", "en"), "C plus plus");
    EXPECT_EQ(speakable("екі+екі", "kk"), "екі+екі");
    EXPECT_EQ(speakable("uno + due", "it"), "uno due");
}

TEST(Markup, NothingThatAUserWritesIsTakenForMarkup) {
    for (const std::string text : {"**важно**", "sil<[7000]>тишина", "<[large]>", "[[p r i v e t]]",
                                   "***", "<[[[**]>", "* *слово* *", "**[<[sil<[300]>**"}) {
        const auto said = speakable("слово " + text, "ru");
        EXPECT_THAT(said, Not(HasSubstr("**"))) << text;
        EXPECT_THAT(said, Not(HasSubstr("<["))) << text;
        EXPECT_THAT(said, Not(HasSubstr("[["))) << text;
        EXPECT_THAT(said, Not(HasSubstr("["))) << text;
    }
    EXPECT_EQ(speakable("2*2", "ru"), "2*2");
}

TEST(Markup, EmojiAndSymbolsAreLeftOut) {
    EXPECT_EQ(speakable("Привет 👋🏽 мир ❤️!", "ru"), "Привет мир !");
    EXPECT_EQ(speakable("a\u200Db\u202Ec\uFEFF", "en"), "a b c");
    EXPECT_EQ(speakable("→ вправо ✓", "ru"), "вправо");
}

TEST(Markup, WhereNothingIsLeftToSayThereIsNoText) {
    for (const std::string text : {"😀👍🏽", "...", "**", "+", "\uFFFD", "[]", "→"})
        EXPECT_EQ(speakable(text, "it"), "") << text;
}

bool any(std::string_view) { return true; }

TEST(Pieces, AreCutAtSentenceEnds) {
    EXPECT_THAT(pieces_of("Раз два. Три четыре. Пять.", 12, any),
                ElementsAre("Раз два.", "Три четыре.", "Пять."));
}

TEST(Pieces, AreCutFurtherUntilTheyFit) {
    const auto fits = [](std::string_view piece) { return spoken_length(piece) <= 250; };
    const std::string digits = "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890";
    const auto pieces = pieces_of(digits, 250, fits);
    ASSERT_GE(pieces.size(), 2U);
    for (const auto& piece : pieces) EXPECT_LE(spoken_length(piece), 250U);
}

TEST(Pieces, WithoutWordsAreLeftOut) {
    EXPECT_THAT(pieces_of("Раз. ... ... !!! Два.", 5, any), ElementsAre("Раз.", "Два."));
    EXPECT_THAT(pieces_of("", 250, any), IsEmpty());
}

TEST(Pieces, NeverEndInAStressMark) {
    std::string word;
    for (int i = 0; i < 200; ++i) word += "б+а";
    for (const auto& piece : pieces_of(word, 20, any)) EXPECT_NE(piece.back(), '+');
}

RC_GTEST_PROP(Pieces, AreAlwaysShortEnoughAndHoldEveryLetter, ()) {
    static const std::vector<std::string> parts{"а",  "слово", ". ", " ", "9",  "+а", "!",
                                                "😀", "[[",    "**", "x", "\n", "́"};
    std::string text;
    for (const auto index : *rc::gen::container<std::vector<std::size_t>>(
             rc::gen::inRange<std::size_t>(0, parts.size())))
        text += parts[index];
    const auto said = speakable(normalised(text), "ru");
    std::string left;
    for (const auto& piece : pieces_of(said, 250, any)) {
        RC_ASSERT(count_utf16_units(piece) <= 250U);
        left += piece;
    }
    const auto letters = [](const std::string& of) {
        return std::count(of.begin(), of.end(), '\xD0') + std::count(of.begin(), of.end(), 'x');
    };
    RC_ASSERT(letters(left) == letters(said));
}

}  // namespace
}  // namespace mlbilling::yandex
