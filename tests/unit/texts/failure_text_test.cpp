#include "texts/failure_text.hpp"

#include <gmock/gmock.h>

#include <set>

#include "texts/languages.hpp"

namespace mlbilling {
namespace {

TEST(FailureText, EveryFailureHasATextOfItsOwnThatSaysItWasNotCharged) {
    for (const auto language : {Language::russian, Language::english}) {
        const std::string not_charged =
            language == Language::russian ? "Кредиты не списаны." : "Not charged.";
        std::set<std::string> seen;
        for (auto i = static_cast<int>(FailureReason::nothing_to_say);
             i <= static_cast<int>(FailureReason::cancelled); ++i) {
            const auto text = failure_text(language, static_cast<FailureReason>(i));
            EXPECT_THAT(text, testing::EndsWith(not_charged));
            EXPECT_TRUE(seen.insert(text).second) << text;
        }
        EXPECT_THAT(failure_text(language, FailureReason::none),
                    testing::Not(testing::HasSubstr(not_charged)));
    }
}

TEST(LanguageName, IsSaidInTheReadersLanguageAndFallsBackToTheCode) {
    EXPECT_EQ(language_name(Language::russian, "en"), "английский");
    EXPECT_EQ(language_name(Language::english, "ru"), "Russian");
    EXPECT_EQ(language_name(Language::english, "eo"), "EO");
}

TEST(SamplePhrase, IsInTheVoicesLanguageOrDigits) {
    EXPECT_THAT(sample_phrase("ru"), testing::HasSubstr("голос"));
    EXPECT_EQ(sample_phrase("eo"), "1, 2, 3, 4, 5.");
}

}  // namespace
}  // namespace mlbilling
