// A provider that answers with Ogg/Opus, and what its calls cost.
#include <gmock/gmock.h>

#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = ProviderFailure::Kind;

class EncodedVoiceTest : public Workshop {
  protected:
    EncodedVoiceTest() {
        speech.audio = EncodedVoice{std::string(3'000, 'v'), Duration(999'999)};
        speech.cost = MicroRoubles(162'600);
    }
    void run() {
        store.add("1_1", TaskType::text, "Hello", Credits(1));
        start();
        again();
    }
    void again() {
        ask("1_1");
        advance(10'000);
    }
};

TEST_F(EncodedVoiceTest, ItIsKeptAsItIsWithTheDurationThatWeMeasure) {
    run();
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    ASSERT_EQ(task("1_1").result.parts.size(), 1U);
    EXPECT_EQ(task("1_1").result.parts[0].duration, Duration(1'000));
    EXPECT_EQ(results.blobs.at("2027-01-15-08/1_1-1-0.ogg"), std::string(3'000, 'v'));
    EXPECT_EQ(codec.encoded, 0);
}

TEST_F(EncodedVoiceTest, ASilentOneIsNeverChargedFor) {
    codec.silent = true;
    run();
    EXPECT_EQ(task("1_1").failure, FailureReason::not_spoken);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 1"));
    EXPECT_THAT(results.blobs, IsEmpty());
}

TEST_F(EncodedVoiceTest, ADamagedOneIsAskedForAgain) {
    codec.unusable = UnusableAudio::damaged;
    run();
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_THAT(store.book, IsEmpty());
    codec.unusable.reset();
    again();
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
}

TEST_F(EncodedVoiceTest, WhatTheCallsCostAndWhoServedIsKeptWithTheTask) {
    speech.served_by = "second";
    run();
    EXPECT_EQ(task("1_1").provider, "second");
    EXPECT_EQ(task("1_1").provider_cost, MicroRoubles(162'600));
    EXPECT_EQ(metrics.count("processed second"), 1);
    EXPECT_EQ(metrics.count("spent second 162600"), 1);
}

TEST_F(EncodedVoiceTest, FailedCallsAreAddedUp) {
    speech.failures = {{Kind::down, "", {}}, {Kind::refused, "", {}}};
    run();
    EXPECT_EQ(task("1_1").provider_cost, MicroRoubles(162'600));
    again();
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_refused);
    EXPECT_EQ(task("1_1").provider_cost, MicroRoubles(2 * 162'600));
}

TEST_F(EncodedVoiceTest, EachPartOfALongTextIsAddedUp) {
    options.limits.longest_part = 12;
    store.add("1_1", TaskType::text, "First half. Other half.", Credits(3));
    start();
    again();
    EXPECT_EQ(task("1_1").result.parts.size(), 2U);
    EXPECT_EQ(task("1_1").provider_cost, MicroRoubles(2 * 162'600));
}

TEST_F(EncodedVoiceTest, AnAnswerFromTheCacheCostsUsNothing) {
    run();
    store.add("1_2", TaskType::text, "Hello", Credits(1));
    ask("1_2");
    advance(10'000);
    EXPECT_TRUE(task("1_2").cached);
    EXPECT_EQ(task("1_2").provider_cost, MicroRoubles(0));
}

TEST_F(EncodedVoiceTest, TheProviderIsGivenTheRecordingAsItCame) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), "OggS of the user"};
    store.add("1_1", TaskType::voice, "AwAD", Credits(5));
    start();
    again();
    ASSERT_EQ(speech.recognized.size(), 1U);
    EXPECT_EQ(speech.recognized[0].ogg_opus, "OggS of the user");
    EXPECT_EQ(task("1_1").provider_cost, MicroRoubles(162'600));
}

}  // namespace
}  // namespace mlbilling::test
