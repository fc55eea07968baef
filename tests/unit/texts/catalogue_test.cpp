#include "texts/catalogue.hpp"

#include <gmock/gmock.h>

#include <cctype>
#include <set>
#include <string>

#include "domain/text.hpp"
#include "texts/render.hpp"

namespace mlbilling {
namespace {

constexpr Language languages[] = {Language::russian, Language::english};

std::set<std::string> placeholders(std::string_view text) {
    std::set<std::string> names;
    for (auto open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1))
        names.insert(std::string(text.substr(open + 1, text.find('}', open) - open - 1)));
    return names;
}

/// Lower case of ASCII and of the Russian letters, everything that is not a letter a space; without
/// the placeholders.
std::string words(std::string_view text) {
    std::string out = " ";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{') i = text.find('}', i);
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte < 0x80) {
            out += std::isalpha(byte) != 0 ? static_cast<char>(std::tolower(byte)) : ' ';
        } else if (byte == 0xD0 && next >= 0x90 && next <= 0xAF) {
            const auto point = 0x430U + (next - 0x90U);
            out += static_cast<char>(0xC0U | (point >> 6U));
            out += static_cast<char>(0x80U | (point & 0x3FU));
            ++i;
        } else {
            out += static_cast<char>(byte);
        }
    }
    return out + " ";
}

TEST(Catalogue, EveryLanguageHasEveryTextOnceAndInOrder) {
    for (const auto language : languages) {
        const auto entries = catalogue(language);
        ASSERT_EQ(entries.size(), static_cast<std::size_t>(last_text_id) + 1);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            EXPECT_EQ(static_cast<std::size_t>(entries[i].id), i) << entries[i].text;
            EXPECT_FALSE(entries[i].text.empty()) << i;
        }
    }
}

TEST(Catalogue, BothLanguagesHaveTheSamePlaceholders) {
    const auto russian = catalogue(Language::russian);
    const auto english = catalogue(Language::english);
    for (std::size_t i = 0; i < russian.size(); ++i)
        EXPECT_EQ(placeholders(russian[i].text), placeholders(english[i].text)) << english[i].text;
}

TEST(Catalogue, NobodyReadsAnInternalWord) {
    const char* const english[] = {" task",  " worker",  " status", " hold ",  " held ", " holds ",
                                   " queue", " lease",   " settle", " epoch",  " null ", " payload",
                                   " token", " release", " job",    " error ", " units "};
    const char* const russian[] = {" задач", " воркер", " статус",  " холд", " очеред",
                                   " токен", " заблок", " ошибка:", " лиз",  " job"};
    for (const auto& entry : catalogue(Language::english))
        for (const auto* word : english)
            EXPECT_THAT(words(entry.text), testing::Not(testing::HasSubstr(word)));
    for (const auto& entry : catalogue(Language::russian)) {
        for (const auto* word : russian)
            EXPECT_THAT(words(entry.text), testing::Not(testing::HasSubstr(word)));
        for (const auto* word : english)
            EXPECT_THAT(words(entry.text), testing::Not(testing::HasSubstr(word)));
    }
}

TEST(Catalogue, QuotesAreTypographic) {
    for (const auto language : languages)
        for (const auto& entry : catalogue(language)) {
            EXPECT_THAT(entry.text, testing::Not(testing::HasSubstr("\"")));
            EXPECT_THAT(entry.text, testing::Not(testing::HasSubstr("'")));
            EXPECT_THAT(entry.text, testing::Not(testing::HasSubstr("...")));
        }
}

TEST(Catalogue, TextsFitWhatTelegramTakes) {
    for (const auto language : languages)
        for (const auto& entry : catalogue(language)) {
            EXPECT_LE(count_utf16_units(entry.text), 1024U) << entry.text;
            if (entry.id >= TextId::command_start)
                EXPECT_LE(count_utf16_units(entry.text), 256U) << entry.text;
            if (entry.id == TextId::toast_dead_button)
                EXPECT_LE(count_utf16_units(entry.text), 200U) << entry.text;
        }
}

TEST(Render, FillsEveryPlaceholderAndLeavesBracesOfValuesAlone) {
    EXPECT_EQ(render(Language::english, TextId::receipt, {{"cost", "2"}, {"left", "18"}}),
              "−2 · 18 left");
    EXPECT_EQ(render(Language::russian, TextId::receipt, {{"cost", "2"}, {"left", "18"}}),
              "−2 · осталось 18");
    EXPECT_EQ(render(Language::english, TextId::sample_caption, {{"voice", "{voice}"}}),
              "{voice} · free");
}

TEST(Render, AMissingArgumentIsABrokenPromise) {
    EXPECT_DEATH(render(Language::english, TextId::receipt, {{"cost", "2"}}), "argument");
}

}  // namespace
}  // namespace mlbilling
