// What SpeechKit can do and what it costs, as data.
#include <gmock/gmock.h>

#include <set>

#include "adapters/yandex/prices.hpp"
#include "adapters/yandex/problem.hpp"
#include "adapters/yandex/voice_table.hpp"

namespace mlbilling::yandex {
namespace {

using namespace std::chrono_literals;

Time day(std::chrono::year_month_day date) { return std::chrono::sys_days(date); }

const Tariff& tariff() { return tariff_at(day(2026y / 9 / 11)); }

TEST(Prices, FollowThePriceListOfTheDay) {
    EXPECT_EQ(tariff_at(day(2025y / 12 / 31)).synthesis_v3_request, 160'000);
    EXPECT_EQ(tariff_at(day(2026y / 1 / 1)).synthesis_v3_request, 162'600);
    EXPECT_EQ(tariff_at(day(2020y / 1 / 1)).synthesis_v3_request, 160'000);
}

TEST(Prices, SynthesisByV3IsOneUnitARequest) {
    EXPECT_EQ(cost_of_synthesis_v3(tariff(), 1, false), MicroRoubles(162'600));
    EXPECT_EQ(cost_of_synthesis_v3(tariff(), 250, false), MicroRoubles(162'600));
}

TEST(Prices, SynthesisInUnsafeModeIsAUnitForEveryStarted250Characters) {
    // Yandex's own example: texts of 150, 300 and 600 characters are 1 + 2 + 3 units.
    for (const auto [characters, units] : {std::pair{150, 1}, {300, 2}, {600, 3}, {250, 2}, {0, 1}})
        EXPECT_EQ(cost_of_synthesis_v3(tariff(), characters, true), MicroRoubles(units * 162'600))
            << characters;
}

TEST(Prices, SynthesisByV1IsByTheCharacter) {
    EXPECT_EQ(cost_of_synthesis_v1(tariff(), 200), MicroRoubles(268'400));
    EXPECT_EQ(cost_of_synthesis_v1(tariff(), 0), MicroRoubles(1'342));
}

TEST(Prices, ShortRecognitionIsByBlocksOf15Seconds) {
    const auto block = tariff().short_recognition_block;
    for (const auto [ms, blocks] :
         {std::pair{37'000, 3}, {5'000, 1}, {15'000, 1}, {15'001, 2}, {0, 1}, {29'500, 2}})
        EXPECT_EQ(cost_of_short_recognition(tariff(), Duration(ms)), MicroRoubles(blocks * block))
            << ms;
}

TEST(Prices, LongRecognitionIsBySecondsAtLeast15) {
    for (const auto [ms, seconds] :
         {std::pair{1'000, 15}, {15'000, 15}, {15'500, 16}, {300'000, 300}})
        EXPECT_EQ(cost_of_long_recognition(tariff(), Duration(ms)), MicroRoubles(seconds * 10'100))
            << ms;
}

TEST(Voices, HaveIdsThatAButtonMayHold) {
    std::set<std::string_view> ids;
    for (const auto& voice : voice_table()) {
        EXPECT_TRUE(ids.insert(voice.id).second) << voice.id;
        EXPECT_LE(voice.id.size(), 24U);
        EXPECT_EQ(voice.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string_view::npos);
        EXPECT_TRUE(voice.in_v1 || voice.in_v3) << voice.id;
    }
}

TEST(Voices, AreFoundByTheirIdInTheApiThatHasThem) {
    EXPECT_EQ(voice_for("jane", "Привет", SynthesisApi::v1).voice->id, "jane");
    EXPECT_EQ(voice_for("dasha", "Привет", SynthesisApi::v3).voice->id, "dasha");
    // v1 would refuse it: "Unsupported voice is requested: dasha".
    EXPECT_EQ(voice_for("dasha", "Привет", SynthesisApi::v1).voice->id, "alena");
}

TEST(Voices, HaveRolesThatSpeechKitAccepts) {
    EXPECT_EQ(voice_for("jane-evil", "Привет", SynthesisApi::v3).role, "evil");
    EXPECT_EQ(voice_for("jane-evil", "Привет", SynthesisApi::v3).voice->id, "jane");
    EXPECT_EQ(voice_for("jane", "Привет", SynthesisApi::v3).role, "");
    for (const auto* id : {"jane-strict", "jane-", "jane-eutral", "jane-good,evil", "filipp-good"})
        EXPECT_EQ(voice_for(id, "Привет", SynthesisApi::v3).role, "") << id;
}

TEST(Voices, OfAnotherProviderAreReplacedByOneOfTheTextsLanguage) {
    for (const auto* id : {"", "slt", "../../etc/passwd"}) {
        EXPECT_EQ(voice_for(id, "Привет, world", SynthesisApi::v3).voice->id, "marina");
        EXPECT_EQ(voice_for(id, "Привет, world", SynthesisApi::v1).voice->id, "alena");
        EXPECT_EQ(voice_for(id, "Hello, мир", SynthesisApi::v3).voice->id, "john");
        EXPECT_EQ(voice_for(id, "Сәлем, әлем", SynthesisApi::v3).voice->language, "kk");
        // Ukrainian shares a letter with Kazakh, and its voice is the nearest that there is.
        EXPECT_EQ(voice_for(id, "Привіт, світе", SynthesisApi::v3).voice->language, "ru");
        EXPECT_EQ(voice_for(id, "שלום", SynthesisApi::v3).voice->language, "he");
        EXPECT_NE(voice_for(id, "שלום", SynthesisApi::v1).voice, nullptr);
        EXPECT_NE(voice_for(id, "123", SynthesisApi::v3).voice, nullptr);
    }
}

TEST(RecognitionLanguages, HaveTheCodesOfRecognition) {
    EXPECT_EQ(recognition_code("ru"), "ru-RU");
    EXPECT_EQ(recognition_code("kk"), "kk-KZ");
    EXPECT_EQ(recognition_code("tlh"), "");
    EXPECT_EQ(recognition_code(""), "");
    for (const auto language : recognised_languages()) EXPECT_NE(recognition_code(language), "");
}

TEST(Configuration, ThatCannotBeSentIsAProblemThatNamesNoSecret) {
    Options options;
    options.credentials = ApiKey{"AQVN-secret"};
    EXPECT_FALSE(problem_with(options));
    options.folder = "b1g86q4m5vej8lkljme5";
    EXPECT_FALSE(problem_with(options));
    options.folder = "b1g&lang=en";
    EXPECT_TRUE(problem_with(options));
    options.folder.clear();
    for (const std::string secret : {"", "two words", "line\nbreak", "ключ"}) {
        for (const Credentials& credentials : std::initializer_list<Credentials>{
                 ApiKey{secret}, IamToken{secret}, OAuthToken{secret}}) {
            options.credentials = credentials;
            ASSERT_TRUE(problem_with(options));
            if (!secret.empty())
                EXPECT_EQ(problem_with(options)->message.find(secret), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace mlbilling::yandex
