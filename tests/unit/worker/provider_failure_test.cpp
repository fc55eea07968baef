// What becomes of a task when its provider does not serve it: at once, later, or not at all.
#include "recognition_workshop.hpp"

namespace mlbilling::test {
namespace {

using Kind = ProviderFailure::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class ProviderFailureTest : public RecognitionTest {
  protected:
    ProviderFailureTest() { codec.decoded = DecodedAudio{loud(Duration(31'000)), ""}; }

    static ProviderFailure in_line(Duration wait, Duration work = Duration(10'000)) {
        ProviderFailure failure{Kind::busy, "our quota is used up"};
        failure.retry_after = wait;
        failure.in_line = work;
        return failure;
    }
    static ProviderFailure late(Duration pause) {
        ProviderFailure failure{Kind::busy, "no answer by the deadline"};
        failure.retry_after = pause;
        failure.late = true;
        return failure;
    }
    void hear_that(const std::string& transcript, Sound sound) {
        speech.transcript = transcript;
        codec.decoded = DecodedAudio{std::move(sound), ""};
        run(16);
    }
};

TEST_F(ProviderFailureTest, ATaskWaitsForItsTurnAndItsUserIsToldUntilWhen) {
    constexpr Duration wait{3'400'000};
    options.retry_budget = 0;
    speech.failures = {in_line(wait)};
    auto& waiting = add("1_1", 16);
    const auto deadline = waiting.deadline_at = clock.now() + Duration(1'000'000);
    start();
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1").attempt, 0);
    EXPECT_EQ(store.held_by(TelegramId(1)), Credits(16));
    EXPECT_EQ(task("1_1").provider, "");
    const auto turn = *task("1_1").next_attempt_at;
    EXPECT_GE(turn, clock.now() + wait - Duration(10'000));
    EXPECT_THAT(store.told, ElementsAre(Pair(TaskId("1_1"), turn + Duration(10'000))));
    // The time in line is not the task's own.
    EXPECT_GE(task("1_1").deadline_at, deadline + wait - Duration(100));
    advance((turn - clock.now()).count());
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").attempt, 1);
    ASSERT_THAT(speech.recognized, SizeIs(2));
    EXPECT_EQ(speech.recognized[0].place_in_line, "1_1");
    EXPECT_EQ(speech.recognized[1].place_in_line, "1_1");
}

TEST_F(ProviderFailureTest, AShortWaitIsNotTold) {
    speech.failures = {in_line(Duration(20'000))};
    run(16);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_THAT(store.told, IsEmpty());
}

TEST_F(ProviderFailureTest, WhatTheOperatorMustMendIsNotRepeated) {
    speech.failures = {{Kind::misconfigured, "HTTP 401"}};
    run(16);
    EXPECT_EQ(task("1_1").status, TaskStatus::error);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_failed);
    EXPECT_THAT(speech.recognized, SizeIs(1));
}

TEST_F(ProviderFailureTest, WhatMayStillBeAtWorkIsSentOnceMoreAndNotAtOnce) {
    speech.failures = {late(Duration(300'000)), late(Duration(300'000))};
    run(16);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1").attempt, 1);
    EXPECT_GE(*task("1_1").next_attempt_at, clock.now() + Duration(200'000));
    advance(300'000);
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::error);
    EXPECT_THAT(speech.recognized, SizeIs(2));
}

TEST_F(ProviderFailureTest, ARefusalSaysWhatIsWrong) {
    using Input = ProviderFailure::Input;
    const std::vector<std::pair<Input, FailureReason>> reasons{
        {Input::unknown, FailureReason::provider_refused},
        {Input::too_long, FailureReason::too_long},
        {Input::too_short, FailureReason::too_short},
        {Input::too_large, FailureReason::too_large}};
    for (const auto& [input, reason] : reasons) {
        ProviderFailure failure{Kind::refused, "HTTP 400"};
        failure.input = input;
        EXPECT_EQ(std::get<Failed>(verdict_of(failure)).reason, reason);
    }
}

TEST_F(ProviderFailureTest, RemarksOfNoSpeechCostNothing) {
    hear_that("[BLANK_AUDIO] *sighs*", loud(Duration(31'000)));
    EXPECT_EQ(task("1_1").failure, FailureReason::silence);
    EXPECT_THAT(store.cache, IsEmpty());
}

TEST_F(ProviderFailureTest, WhatIsInventedForSilenceCostsNothing) {
    auto sound = silent(Duration(31'000));
    for (std::size_t i = 0; i < 2'000; ++i) sound.samples[i] = i % 2 == 0 ? 5'000 : -5'000;
    hear_that("Продолжение следует...", std::move(sound));
    EXPECT_EQ(task("1_1").failure, FailureReason::silence);
}

TEST_F(ProviderFailureTest, TheSamePhraseIsATranscriptWhereSomebodySpeaks) {
    hear_that("Продолжение следует...", loud(Duration(31'000)));
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
}

TEST_F(ProviderFailureTest, AKnownRecordingIsAnsweredWithoutFetchingIt) {
    run(16);
    ASSERT_EQ(task("1_1").status, TaskStatus::completed);
    codec.decoded = UnusableAudio::damaged;
    add("1_2", 0);
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(task("1_2").status, TaskStatus::completed);
    EXPECT_TRUE(task("1_2").cached);
    EXPECT_EQ(task("1_2").units_measured, Units(31'000));
    EXPECT_EQ(task("1_2").result.text, task("1_1").result.text);
}

}  // namespace
}  // namespace mlbilling::test
