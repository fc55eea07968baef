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

std::vector<std::string> cut(std::string_view text, std::size_t characters = 250) {
    return pieces_of(text, RequestLimits{.characters = characters}, 100);
}

TEST(Pieces, AreCutAtSentenceEnds) {
    EXPECT_THAT(cut("Раз два. Три четыре. Пять.", 12),
                ElementsAre("Раз два.", "Три четыре.", "Пять."));
}

TEST(Pieces, NeighboursArePutTogether) {
    EXPECT_THAT(cut("Раз. Два. Три. Четыре.", 14), ElementsAre("Раз. Два. Три.", "Четыре."));
}

TEST(Pieces, ASentenceIsCutOnlyWhereItAloneIsTooLong) {
    EXPECT_THAT(cut("Да. Раз два три четыре пять.", 12),
                ElementsAre("Да. Раз два", "три четыре", "пять."));
    EXPECT_THAT(cut("Да. Раз два три.", 12), ElementsAre("Да.", "Раз два три."));
}

TEST(Pieces, ANumberIsNoReasonForAnotherRequest) {
    std::string text = "Встреча назначена на 14 часов";
    while (count_code_points(text) < 242) text += " и ещё";
    EXPECT_EQ(cut(text).size(), 1U);
}

TEST(Pieces, DatesAreFewRequests) {
    std::string text;
    while (count_code_points(text) < 470) text += "Встреча 12.05.2024 в 14:30, дом 7. ";
    EXPECT_LE(cut(normalised(text)).size(), 3U);
}

TEST(Pieces, ASlowVoiceSaysLessInTheSameTime) {
    const std::string digits = "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890";
    EXPECT_EQ(pieces_of(digits, RequestLimits{}, 100).size(), 1U);
    const auto slow = pieces_of(digits, RequestLimits{}, 50);
    EXPECT_EQ(slow.size(), 2U);
    for (const auto& piece : slow) EXPECT_LE(time_to_speak(piece, 50), Duration(24'000));
}

TEST(Pieces, WithoutWordsAreLeftOut) {
    EXPECT_THAT(cut("Раз. ... ... !!! Два.", 5), ElementsAre("Раз.", "Два."));
    EXPECT_THAT(cut(""), IsEmpty());
}

TEST(Pieces, NeverEndInAStressMark) {
    std::string word;
    for (int i = 0; i < 200; ++i) word += "б+а";
    for (const auto& piece : cut(word, 20)) EXPECT_NE(piece.back(), '+');
}

/// Cut behind the first character of each mark.
std::vector<std::string> parts_of(std::string text, const std::string& mark) {
    std::vector<std::string> parts;
    const auto kept = mark.size() - 1;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
        parts.push_back(text.substr(0, at + kept));
        text = text.substr(at + mark.size());
    }
    if (!text.empty()) parts.push_back(std::move(text));
    return parts;
}

/// As few pieces as there can be when whole sentences, or the words of those that alone exceed a
/// limit, are put one after the other.
std::size_t fewest(const std::string& text, const RequestLimits& limits) {
    const auto fits = [&](const std::string& piece) {
        return count_utf16_units(piece) <= limits.characters &&
               time_to_speak(piece, 100) <= limits.speech;
    };
    std::vector<std::string> units;
    for (auto& sentence : parts_of(text, "! ")) {
        if (fits(sentence)) {
            units.push_back(std::move(sentence));
            continue;
        }
        for (auto& word : parts_of(sentence, " ")) units.push_back(std::move(word));
    }
    std::size_t count = 0;
    std::string piece;
    for (const auto& unit : units) {
        const auto longer = piece.empty() ? unit : piece + " " + unit;
        if (!piece.empty() && !fits(longer)) {
            ++count;
            piece = unit;
        } else {
            piece = longer;
        }
    }
    return piece.empty() ? count : count + 1;
}

RC_GTEST_PROP(Pieces, AreAlwaysShortEnoughAndHoldEveryLetter, ()) {
    static const std::vector<std::string> parts{"а",  "слово", ". ", " ", "9",  "+а", "!",
                                                "😀", "[[",    "**", "x", "\n", "́"};
    std::string text;
    for (const auto index : *rc::gen::container<std::vector<std::size_t>>(
             rc::gen::inRange<std::size_t>(0, parts.size())))
        text += parts[index];
    const auto said = speakable(normalised(text), "ru");
    const RequestLimits limits{.characters = 30, .speech = Duration(3'000)};
    std::string left;
    for (const auto& piece : pieces_of(said, limits, 100)) {
        RC_ASSERT(count_utf16_units(piece) <= limits.characters);
        RC_ASSERT(time_to_speak(piece, 100) <= limits.speech);
        left += piece;
    }
    const auto letters = [](const std::string& of) {
        return std::count(of.begin(), of.end(), '\xD0') + std::count(of.begin(), of.end(), 'x') +
               std::count(of.begin(), of.end(), '9');
    };
    RC_ASSERT(letters(left) == letters(said));
}

RC_GTEST_PROP(Pieces, AreAsFewAsTheLimitsAllow, ()) {
    static const std::vector<std::string> words{"да", "слово", "12.05.2024", "предложение", "1500"};
    const auto lengths =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 12));
    std::string text;
    for (const auto length : lengths) {
        for (std::size_t i = 0; i < length; ++i) {
            if (!text.empty()) text += ' ';
            text += words[*rc::gen::inRange<std::size_t>(0, words.size())];
        }
        text += "!";
    }
    const RequestLimits limits{.characters = 60, .speech = Duration(5'000)};
    RC_ASSERT(pieces_of(text, limits, 100).size() <= fewest(text, limits));
}

}  // namespace
}  // namespace mlbilling::yandex
