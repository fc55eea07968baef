// How long a provider may take to recognise, and operations that outlive an attempt.
#include "recognition_workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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

}  // namespace
}  // namespace mlbilling::test
