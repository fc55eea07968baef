#include <gmock/gmock.h>

#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::IsEmpty;

class RecognitionTest : public Workshop {
  protected:
    TaskRecord& add(const std::string& id, std::int64_t held) {
        auto& added = store.add(id, TaskType::voice, "AwAD", Credits(held));
        added.payload.file_unique_id = "unique";
        return added;
    }
    void run(std::int64_t held) {
        add("1_1", held);
        start();
        ask("1_1");
        advance(60'000);
    }
    void expect_failure(FailureReason reason) {
        EXPECT_EQ(task("1_1").status, TaskStatus::error);
        EXPECT_EQ(task("1_1").failure, reason);
        EXPECT_EQ(task("1_1").cost, std::nullopt);
        EXPECT_THAT(speech.recognized, IsEmpty());
        EXPECT_TRUE(queue_is_done());
    }
};

TEST_F(RecognitionTest, ARecordingIsReadAndChargedByItsMeasuredLength) {
    codec.decoded = DecodedAudio{loud(Duration(10'001)), ""};
    run(6);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").result.text, "hello there");
    EXPECT_EQ(task("1_1").units_measured, Units(10'001));
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 6"));
    ASSERT_EQ(speech.recognized.size(), 1U);
    EXPECT_EQ(speech.recognized[0].language, "en");
    EXPECT_EQ(codec.longest_asked, Duration(4 * 3'600'000));
}

TEST_F(RecognitionTest, ARecordingThatClaimsLessThanItLastsIsHeldInFullBeforeTheProviderIsCalled) {
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    speech.takes = Duration(20'000);
    add("1_1", 3);
    start();
    ask("1_1");
    advance(1000);
    EXPECT_EQ(speech.recognized.size(), 1U);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 150"));
    advance(60'000);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 150", "charge 1_1 150"));
}

TEST_F(RecognitionTest, ARecordingThatTheUserCannotPayInFullIsRefusedUnheard) {
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    store.balances[TelegramId(1)] = Credits(100);
    run(3);
    expect_failure(FailureReason::insufficient_credits);
    EXPECT_EQ(task("1_1").units_measured, Units(300'000));
    EXPECT_THAT(store.book, ElementsAre("release 1_1 3"));
}

TEST_F(RecognitionTest, ARecordingThatClaimsMoreThanItLastsIsChargedForWhatItLasts) {
    codec.decoded = DecodedAudio{loud(Duration(4'000)), ""};
    run(50);
    EXPECT_THAT(store.book, ElementsAre("hold 1_1 2", "charge 1_1 2"));
}

TEST_F(RecognitionTest, AMeasuredPriceAboveTheLimitWaitsForTheUsersYes) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(3);
    expect_failure(FailureReason::price_above_limit);
    EXPECT_EQ(task("1_1").units_measured, Units(300'000));
}

TEST_F(RecognitionTest, APriceThatTheUserHasAcceptedIsNotAskedAgain) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(150);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, APriceBelowTheAcceptedOneIsNotAskedAgain) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    run(200);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, AnotherProducersUserIsNotAsked) {
    options.ask_above = Credits(100);
    codec.decoded = DecodedAudio{loud(Duration(300'000)), ""};
    add("1_1", 3).place.reset();
    start();
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").cost, Credits(150));
}

TEST_F(RecognitionTest, SilenceIsNeitherSentToTheProviderNorCharged) {
    codec.decoded = DecodedAudio{silent(Duration(60'000)), ""};
    run(30);
    expect_failure(FailureReason::silence);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 30"));
}

TEST_F(RecognitionTest, ARecordingWithoutSamplesIsSilence) {
    codec.decoded = DecodedAudio{};
    run(1);
    expect_failure(FailureReason::silence);
}

TEST_F(RecognitionTest, AnEmptyTranscriptCostsNothing) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.transcript = " ... \n";
    run(5);
    EXPECT_EQ(task("1_1").failure, FailureReason::silence);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 5"));
}

TEST_F(RecognitionTest, ATranscriptIsCleaned) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.transcript = "  hello\xff\x01there ";
    run(5);
    EXPECT_EQ(task("1_1").result.text, "hello\xEF\xBF\xBD there");
}

TEST_F(RecognitionTest, WhatCannotBeDecodedIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::not_audio;
    run(1);
    expect_failure(FailureReason::not_audio);
}
TEST_F(RecognitionTest, ADamagedRecordingIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::damaged;
    run(1);
    expect_failure(FailureReason::damaged_audio);
}
TEST_F(RecognitionTest, ARecordingBeyondTheLimitIsSaidAndNotCharged) {
    codec.decoded = UnusableAudio::too_long;
    run(1);
    expect_failure(FailureReason::too_long);
}

telegram::Error failed(Failure failure, Duration retry_after = Duration(0)) {
    return {failure, "description", retry_after, std::nullopt};
}

TEST_F(RecognitionTest, AFileThatTelegramDoesNotGiveIsSaid) {
    telegram.failures = {failed(Failure::file_unavailable)};
    run(1);
    expect_failure(FailureReason::file_unavailable);
}
TEST_F(RecognitionTest, AFileThatIsTooLargeIsSaid) {
    telegram.failures = {failed(Failure::too_large)};
    run(1);
    expect_failure(FailureReason::too_large);
}

TEST_F(RecognitionTest, ADownloadThatBreaksIsTriedAgainWithoutTouchingTheBudget) {
    options.retry_budget = 0;
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    telegram.failures = {failed(Failure::ambiguous)};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(metrics.count("retried"), 1);
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").attempt, 2);
}

TEST_F(RecognitionTest, TelegramsRetryAfterIsObeyed) {
    telegram.failures = {failed(Failure::too_many_requests, Duration(90'000))};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_GE(*task("1_1").next_attempt_at, task("1_1").created_at + Duration(90'000));
}

TEST_F(RecognitionTest, ADownloadThatNeverWorksEndsAsAnUnavailableFile) {
    options.retry.max_attempts = 1;
    telegram.failures = {failed(Failure::not_sent)};
    run(5);
    expect_failure(FailureReason::file_unavailable);
}

TEST_F(RecognitionTest, TheSameRecordingAgainIsAnsweredFromTheCacheByItsMeasuredLength) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    run(5);
    // The second sender's claim held one credit only; three are the cached price.
    add("1_2", 1);
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 1U);
    EXPECT_TRUE(task("1_2").cached);
    EXPECT_EQ(task("1_2").result.text, "hello there");
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 5", "hold 1_2 3", "charge 1_2 3"));
}

TEST_F(RecognitionTest, AnotherLanguageIsAnotherRequest) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    run(5);
    add("1_2", 5).payload.spoken_language = "ru";
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 2U);
}

TEST_F(RecognitionTest, ARecordingWithoutAUniqueIdIsNeverCached) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    add("1_1", 5).payload.file_unique_id.clear();
    add("1_2", 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(10'000);
    EXPECT_EQ(speech.recognized.size(), 2U);
    EXPECT_THAT(store.cache, IsEmpty());
}

TEST_F(RecognitionTest, TheDeadlineGrowsWithTheRecording) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    run(5);
    codec.decoded = DecodedAudio{loud(Duration(100'000)), ""};
    add("1_2", 50).payload.file_unique_id = "other";
    ask("1_2");
    advance(10'000);
    EXPECT_THAT(speech.deadlines, ElementsAre(Duration(60'000), Duration(250'000)));
}

TEST_F(RecognitionTest, TheOperationIsRecordedBeforeItIsPolledAndResumedByTheNextAttempt) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.operation = "op-7";
    speech.failures = {{ProviderFailure::Kind::down, ""}};
    run(5);
    EXPECT_EQ(store.operations[TaskId("1_1")], "op-7");
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    ask("1_1");
    advance(10'000);
    ASSERT_EQ(speech.recognized.size(), 2U);
    EXPECT_EQ(speech.recognized[0].operation, "");
    EXPECT_EQ(speech.recognized[1].operation, "op-7");
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
}

ProviderFailure goes_on(Duration retry_after = Duration(0)) {
    return {ProviderFailure::Kind::busy, "goes on", {}, retry_after, true};
}

TEST_F(RecognitionTest, AnOperationThatGoesOnUsesUpNeitherAttemptsNorBudget) {
    constexpr int looks = 12;
    options.retry_budget = 0;
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.operation = "op-7";
    speech.failures.assign(looks, goes_on());
    add("1_1", 5);
    start();
    for (int i = 0; i < looks; ++i) {
        ask("1_1");
        advance(200);
        ASSERT_EQ(task("1_1").status, TaskStatus::created);
        // Others have the slot meanwhile.
        EXPECT_GE(*task("1_1").next_attempt_at, clock.now() + Duration(10'000));
        advance(60'000);
    }
    ask("1_1");
    advance(10'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").attempt, 1);
    EXPECT_EQ(speech.recognized.back().operation, "op-7");
}

TEST_F(RecognitionTest, AnOperationThatGoesOnAtTheTasksDeadlineIsGivenUp) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.operation = "op-7";
    speech.failures = {goes_on()};
    add("1_1", 5).deadline_at = clock.now() + Duration(5'000);
    start();
    ask("1_1");
    advance(1'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::error);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_failed);
}

TEST_F(RecognitionTest, TheProvidersRetryAfterIsObeyed) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.failures = {{ProviderFailure::Kind::busy, "429", {}, Duration(90'000)}};
    run(5);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1").attempt, 1);
    EXPECT_GE(*task("1_1").next_attempt_at, task("1_1").created_at + Duration(90'000));
}

TEST_F(RecognitionTest, AnOperationOfALostLeaseIsDroppedAtOnce) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.operation = "op-7";
    speech.takes = Duration(9'000);
    add("1_1", 5);
    start();
    ask("1_1");
    clock.step(clock.now() + Duration(1));
    store.tasks[TaskId("1_1")].epoch = Epoch(9);
    advance(1000);
    EXPECT_EQ(worker->in_flight(), 0);
    EXPECT_EQ(metrics.count("fenced"), 1);
    EXPECT_THAT(store.book, IsEmpty());
}

TEST_F(RecognitionTest, ARecordingIsFetchedOnlyWhenThereIsRoomForItsFile) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.takes = Duration(20'000);
    options.limits.largest_file = options.limits.files_in_memory = 1'000;
    for (const auto* id : {"1_1", "1_2"}) add(id, 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(1'000);
    EXPECT_EQ(telegram.downloads, 1);
    advance(60'000);
    EXPECT_EQ(telegram.downloads, 2);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_2").status, TaskStatus::completed);
}

TEST_F(RecognitionTest, AFileThatIsFetchedTakesNoMoreRoomThanItHasBytes) {
    codec.decoded = DecodedAudio{loud(Duration(10'000)), ""};
    speech.takes = Duration(20'000);
    options.limits.largest_file = 1'000;
    options.limits.files_in_memory = 1'010;
    for (const auto* id : {"1_1", "1_2"}) add(id, 5).payload.file_unique_id.clear();
    start();
    ask("1_1");
    ask("1_2");
    advance(1'000);
    EXPECT_EQ(telegram.downloads, 2);
}

}  // namespace
}  // namespace mlbilling::test
