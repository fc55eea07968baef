#include <gmock/gmock.h>

#include "domain/text.hpp"
#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class SynthesisTest : public Workshop {
  protected:
    SynthesisTest() { store.balances[TelegramId(1)] = Credits(10'000); }
    void run(const std::string& text, std::int64_t held) {
        store.add("1_1", TaskType::text, text, Credits(held));
        start();
        ask("1_1");
        advance(60'000);
    }
};

TEST_F(SynthesisTest, ATextBecomesAVoiceAndIsChargedByItsCharacters) {
    run("Hello, world, here I am.", 3);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").cost, Credits(3));
    EXPECT_EQ(task("1_1").units_measured, Units(24));
    EXPECT_EQ(task("1_1").provider, "fake");
    ASSERT_EQ(task("1_1").result.parts.size(), 1U);
    EXPECT_EQ(task("1_1").result.parts[0].key, ResultKey("2027-01-15-08/1_1-1-0.ogg"));
    EXPECT_EQ(task("1_1").result.parts[0].bytes,
              results.blobs.at("2027-01-15-08/1_1-1-0.ogg").size());
    EXPECT_EQ(task("1_1").result.parts[0].duration, Duration(1200));
    EXPECT_TRUE(results.blobs.contains("2027-01-15-08/1_1-1-0.ogg"));
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 3"));
    EXPECT_TRUE(queue_is_done());
    EXPECT_THAT(metrics.events, ElementsAre("synthesize ok", "ended completed", "processed fake"));
}

TEST_F(SynthesisTest, TheUsersVoiceAndSpeedAreAskedFor) {
    auto& added = store.add("1_1", TaskType::text, "Hello", Credits(1));
    added.payload.voice = "kal";
    added.payload.speed_percent = 150;
    start();
    ask("1_1");
    advance(1000);
    ASSERT_EQ(speech.synthesized.size(), 1U);
    EXPECT_EQ(speech.synthesized[0].voice, "kal");
    EXPECT_EQ(speech.synthesized[0].speed_percent, 150);
}

TEST_F(SynthesisTest, CyrillicIsChargedByCodePointsNotBytes) {
    run("Привет, мир", 2);
    EXPECT_EQ(task("1_1").cost, Credits(2));
}

TEST_F(SynthesisTest, ATextWithoutWordsCostsNothingAndIsNotVoiced) {
    run("... !? —", 1);
    EXPECT_EQ(task("1_1").failure, FailureReason::nothing_to_say);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 1"));
    EXPECT_THAT(speech.synthesized, IsEmpty());
}

TEST_F(SynthesisTest, SilenceFromTheProviderCostsNothing) {
    speech.audio = silent(Duration(2000));
    run("Hello", 1);
    EXPECT_EQ(task("1_1").failure, FailureReason::not_spoken);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 1"));
    EXPECT_THAT(results.blobs, IsEmpty());
}

TEST_F(SynthesisTest, NoSoundAtAllCostsNothing) {
    speech.audio = Sound{};
    run("Hello", 1);
    EXPECT_EQ(task("1_1").failure, FailureReason::not_spoken);
}

std::string sentences(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "Sentence number " + std::to_string(i) + " is said. ";
    return normalised(text);
}

TEST_F(SynthesisTest, AGiantTextComesInNumberedPartsThatHoldEveryWord) {
    const auto text = sentences(400);
    run(text, 5000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").cost,
              *cost_of(price_of(TaskType::text), Units(std::int64_t(text.size()))));
    const auto& parts = task("1_1").result.parts;
    ASSERT_GT(parts.size(), 4U);
    std::string said;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        EXPECT_EQ(parts[i].key.value(), "2027-01-15-08/1_1-1-" + std::to_string(i) + ".ogg");
        EXPECT_LT(results.blobs.at(parts[i].key.value()).size(), options.limits.largest_voice);
        EXPECT_EQ(speech.synthesized[i].text.back(), '.');
        said += (i == 0 ? "" : " ") + speech.synthesized[i].text;
    }
    EXPECT_EQ(said, text);
}

TEST_F(SynthesisTest, APartThatComesOutTooLargeIsCutAgain) {
    // 50 ms a character: 2,000 of them are 300 kB, above this limit.
    options.limits.largest_voice = 100'000;
    const auto text = sentences(60);
    run(text, 1000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    std::int64_t said_ms = 0;
    for (const auto& part : task("1_1").result.parts) {
        EXPECT_LT(results.blobs.at(part.key.value()).size(), 100'000U);
        said_ms += part.duration.count();
    }
    EXPECT_EQ(results.blobs.size(), task("1_1").result.parts.size());
    EXPECT_NEAR(static_cast<double>(said_ms), 50.0 * static_cast<double>(text.size()), 3000.0);
}

TEST_F(SynthesisTest, AVoiceThatNeverFitsEndsWithoutACharge) {
    options.limits.largest_voice = 10;
    options.retry.max_attempts = 1;
    run("Hello", 1);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_failed);
    EXPECT_THAT(results.blobs, IsEmpty());
}

TEST_F(SynthesisTest, TheDeadlineGrowsWithTheText) {
    options.limits.longest_part = 100'000;
    run("Hello", 1000);
    store.add("1_2", TaskType::text, sentences(40), Credits(1000));
    ask("1_2");
    advance(60'000);
    ASSERT_EQ(speech.deadlines.size(), 2U);
    EXPECT_EQ(speech.deadlines[0], Duration(30'000));
    EXPECT_GT(speech.deadlines[1], Duration(90'000));
}

TEST_F(SynthesisTest, TheSameRequestAgainIsAnsweredFromTheCacheAtHalfThePriceRoundedUp) {
    run("Hello, world, here I am.", 3);
    store.add("1_2", TaskType::text, "Hello, world, here I am.", Credits(3));
    ask("1_2");
    advance(1000);
    EXPECT_EQ(speech.synthesized.size(), 1U);
    EXPECT_EQ(task("1_2").status, TaskStatus::completed);
    EXPECT_TRUE(task("1_2").cached);
    EXPECT_EQ(task("1_2").cost, Credits(2));
    EXPECT_EQ(task("1_2").result.parts, task("1_1").result.parts);
    EXPECT_TRUE(results.blobs.contains("2027-01-15-08/1_1-1-0.ogg"));
}

TEST_F(SynthesisTest, AnotherVoiceOrSpeedIsAnotherRequest) {
    run("Hello", 1);
    store.add("1_2", TaskType::text, "Hello", Credits(1)).payload.speed_percent = 120;
    ask("1_2");
    advance(1000);
    EXPECT_EQ(speech.synthesized.size(), 2U);
}

TEST_F(SynthesisTest, ACachedResultWhoseSoundIsGoneIsMadeAgainAtTheFullPrice) {
    run("Hello, world, here I am.", 3);
    results.blobs.clear();
    store.add("1_2", TaskType::text, "Hello, world, here I am.", Credits(3));
    ask("1_2");
    advance(1000);
    EXPECT_EQ(speech.synthesized.size(), 2U);
    EXPECT_FALSE(task("1_2").cached);
    EXPECT_EQ(task("1_2").cost, Credits(3));
    EXPECT_TRUE(results.blobs.contains("2027-01-15-08/1_2-1-0.ogg"));
}

TEST_F(SynthesisTest, ACachedResultThatAPowerCutMadeShorterIsMadeAgain) {
    run("Hello, world, here I am.", 3);
    results.blobs.begin()->second.pop_back();
    store.add("1_2", TaskType::text, "Hello, world, here I am.", Credits(3));
    ask("1_2");
    advance(1000);
    EXPECT_EQ(speech.synthesized.size(), 2U);
    EXPECT_FALSE(task("1_2").cached);
}

TEST_F(SynthesisTest, ItNeverChargesMoreThanIsHeld) {
    run("Hello, world, here I am.", 1);
    EXPECT_EQ(task("1_1").cost, Credits(1));
}

}  // namespace
}  // namespace mlbilling::test
