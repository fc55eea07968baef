#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "domain/characters.hpp"
#include "domain/text.hpp"
#include "unicode_text.hpp"

namespace mlbilling {
namespace {

using Pieces = std::vector<std::string>;

TEST(Splitting, LeavesWhatFitsAlone) {
    EXPECT_EQ(split_at_sentences("One. Two.", 9), Pieces{"One. Two."});
    EXPECT_EQ(split_at_sentences("", 9), Pieces{});
    EXPECT_EQ(split_at_sentences(" \n ", 9), Pieces{});
}

TEST(Splitting, CutsAtTheLastSentenceEndThatFits) {
    EXPECT_EQ(split_at_sentences("One. Two! Three? Four", 10),
              (Pieces{"One. Two!", "Three?", "Four"}));
    EXPECT_EQ(split_at_sentences("Раз… Два", 6), (Pieces{"Раз…", "Два"}));
    EXPECT_EQ(split_at_sentences("line one\nline two", 12), (Pieces{"line one", "line two"}));
}

TEST(Splitting, TakesAsMuchAsFitsExactly) {
    EXPECT_EQ(split_at_sentences("One. Two. Three.", 9), (Pieces{"One. Two.", "Three."}));
    EXPECT_EQ(split_at_sentences("One. Two. Three.", 8), (Pieces{"One.", "Two.", "Three."}));
}

TEST(Splitting, NeedsNoSpaceAfterAWideStop) {
    EXPECT_EQ(split_at_sentences("你好。再见！好？", 4), (Pieces{"你好。", "再见！", "好？"}));
    EXPECT_EQ(split_at_sentences("「你好。」再见", 6), (Pieces{"「你好。」", "再见"}));
}

TEST(Splitting, DoesNotTakeANumberOrAnInitialForAnEnd) {
    EXPECT_EQ(split_at_sentences("Пи это 3.14 и всё", 10), (Pieces{"Пи это", "3.14 и всё"}));
    EXPECT_EQ(split_at_sentences("Вот А. С. Пушкин", 10), (Pieces{"Вот А. С.", "Пушкин"}));
    EXPECT_EQ(split_at_sentences("Да! Вот А. С. Пушкин", 14),
              (Pieces{"Да!", "Вот А. С.", "Пушкин"}));
    EXPECT_EQ(split_at_sentences("It is 5. Then go on", 14), (Pieces{"It is 5.", "Then go on"}));
    EXPECT_EQ(split_at_sentences("see a.b.c?x=1 ok", 14), (Pieces{"see a.b.c?x=1", "ok"}));
}

TEST(Splitting, KeepsClosingMarksWithTheirSentence) {
    EXPECT_EQ(split_at_sentences("«Да?!» Нет", 8), (Pieces{"«Да?!»", "Нет"}));
    EXPECT_EQ(split_at_sentences("(Yes.) \"No.\" Ok", 13), (Pieces{"(Yes.) \"No.\"", "Ok"}));
    EXPECT_EQ(split_at_sentences("Hm... well", 8), (Pieces{"Hm...", "well"}));
}

TEST(Splitting, FallsBackToWhiteSpaceThenToCodePoints) {
    EXPECT_EQ(split_at_sentences("one two three", 8), (Pieces{"one two", "three"}));
    EXPECT_EQ(split_at_sentences("abcdefg", 3), (Pieces{"abc", "def", "g"}));
    EXPECT_EQ(split_at_sentences("😀😀😀", 3), (Pieces{"😀", "😀", "😀"}));
}

std::string without_space(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto c = utf8::first(text);
        if (!is_space(c.value)) out += text.substr(0, c.length);
        text.remove_prefix(c.length);
    }
    return out;
}

RC_GTEST_PROP(Splitting, LosesNothingAndEveryPieceFits, ()) {
    const auto text = *test::any_valid_text();
    const auto longest = *rc::gen::inRange<std::size_t>(2, 40);
    std::string joined;
    for (const auto& piece : split_at_sentences(text, longest)) {
        RC_ASSERT(!piece.empty());
        RC_ASSERT(trimmed(piece) == piece);
        RC_ASSERT(count_utf16_units(piece) <= longest);
        joined += piece;
    }
    RC_ASSERT(without_space(joined) == without_space(text));
}

RC_GTEST_PROP(Splitting, CutsAWordOnlyWhereItIsLongerThanAPiece, ()) {
    const auto words = *rc::gen::container<std::vector<std::string>>(
        rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z'))));
    std::string text;
    std::size_t longest = 2;
    for (const auto& word : words) {
        text += word + ' ';
        longest = std::max(longest, word.size());
    }
    std::string joined;
    for (const auto& piece : split_at_sentences(text, longest)) joined += piece + ' ';
    RC_ASSERT(joined == text);
}

}  // namespace
}  // namespace mlbilling
