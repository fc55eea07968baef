#include <gmock/gmock.h>

#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = ProviderFailure::Kind;

class WorkerTest : public Workshop {
  protected:
    void begin(const std::string& id = "1_1") {
        store.add(id, TaskType::text, "Hello " + id, Credits(1));
        if (!worker) start();
        ask(id);
    }
};

TEST_F(WorkerTest, TheMessageIsAcknowledgedAfterTheCommitOnly) {
    std::size_t unacknowledged_at_commit = 0;
    begin();
    while (store.book.empty()) {
        unacknowledged_at_commit = broker_.unacknowledged();
        ASSERT_TRUE(clock.step(clock.now() + Duration(60'000)));
    }
    EXPECT_EQ(unacknowledged_at_commit, 1U);
    advance(1000);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(WorkerTest, OurBotIsToldThroughItsReplyQueue) {
    begin();
    advance(1000);
    const auto message = take("replies.bot");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->correlation_id, "1_1");
    const auto reply = *parse_reply_message(message->body);
    EXPECT_TRUE(reply.success);
    EXPECT_EQ(reply.cost, Credits(1));
    EXPECT_THAT(reply.result_files, ElementsAre("2027-01-15-08/1_1-1-0.ogg"));
}

TEST_F(WorkerTest, AMissingReplyQueueHoldsNothingUp) {
    store.add("1_1", TaskType::text, "Hello", Credits(1)).reply_to = "gone";
    start();
    ask("1_1");
    advance(1000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(WorkerTest, TheHeartbeatKeepsALongTaskLeased) {
    speech.takes = Duration(29'000);
    options.lease = Duration(5'000);
    options.heartbeat = Duration(2'000);
    begin();
    for (int second = 1; second < 29; ++second) {
        advance(1000);
        ASSERT_GT(*task("1_1").leased_until, clock.now());
    }
    advance(2000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
}

TEST_F(WorkerTest, WorkWhoseLeaseIsLostIsCutOffAndChangesNothing) {
    speech.takes = Duration(29'000);
    begin();
    advance(5'000);
    store.tasks[TaskId("1_1")].epoch = Epoch(2);
    advance(6'000);
    EXPECT_EQ(worker->in_flight(), 0);
    EXPECT_TRUE(queue_is_done());
    advance(60'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::processing);
    EXPECT_THAT(store.book, IsEmpty());
    EXPECT_THAT(results.blobs, IsEmpty());
    EXPECT_EQ(store.calls["complete"], 0);
    EXPECT_EQ(metrics.count("fenced"), 1);
}

TEST_F(WorkerTest, AResultThatComesTooLateIsDroppedWithItsBlobs) {
    speech.takes = Duration(5'000);
    begin();
    advance(1'000);
    store.tasks[TaskId("1_1")].epoch = Epoch(2);
    advance(5'000);
    EXPECT_EQ(store.calls["complete"], 1);
    EXPECT_THAT(store.book, IsEmpty());
    EXPECT_THAT(results.blobs, IsEmpty());
    EXPECT_EQ(metrics.count("fenced"), 1);
    EXPECT_FALSE(take("replies.bot"));
    EXPECT_TRUE(queue_is_done());
}

TEST_F(WorkerTest, AShortOutageOfTheStoreDoesNotEndALease) {
    speech.takes = Duration(25'000);
    store.fail_before["extend_lease"] = 1;
    begin();
    advance(60'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
}

TEST_F(WorkerTest, AnOutageAsLongAsTheLeaseEndsTheWork) {
    speech.takes = Duration(3'000'000);
    store.fail_before["extend_lease"] = 100;
    begin();
    advance(29'000);
    EXPECT_EQ(worker->in_flight(), 1);
    advance(3'000);
    EXPECT_EQ(worker->in_flight(), 0);
}

TEST_F(WorkerTest, AProviderThatIsBusyIsAskedAgainAfterAJitteredWait) {
    speech.failures = {{Kind::busy, "429"}};
    begin();
    advance(1'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1").held, Credits(1));
    EXPECT_LE(*task("1_1").next_attempt_at, task("1_1").created_at + Duration(3'000));
    EXPECT_TRUE(queue_is_done());
    EXPECT_FALSE(take("replies.bot"));
    EXPECT_EQ(metrics.count("retried"), 1);
    advance(5'000);
    ask("1_1");
    advance(1'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 1"));
}

TEST_F(WorkerTest, WaitsBetweenAttemptsAreSpreadAndGrow) {
    std::vector<std::int64_t> waits;
    for (int attempt : {1, 4}) {
        std::int64_t longest = 0;
        for (int i = 0; i < 30; ++i) {
            const auto id = std::to_string(attempt) + "_" + std::to_string(i);
            store.add(id, TaskType::text, "Hello " + id, Credits(1)).attempt = attempt - 1;
            speech.failures.push_back({Kind::down, ""});
            if (!worker) start();
            ask(id);
            advance(500);
            longest = std::max(longest, (*task(id).next_attempt_at - clock.now()).count());
        }
        waits.push_back(longest);
    }
    EXPECT_LE(waits[0], 2'000);
    EXPECT_GT(waits[0], 500);
    EXPECT_LE(waits[1], 16'000);
    EXPECT_GT(waits[1], 8'000);
}

TEST_F(WorkerTest, AProviderThatKeepsFailingEndsTheTaskWithoutACharge) {
    for (int i = 0; i < 5; ++i) speech.failures.push_back({Kind::down, ""});
    begin();
    for (int i = 0; i < 5; ++i) {
        advance(70'000);
        ask("1_1");
    }
    advance(1'000);
    EXPECT_EQ(task("1_1").attempt, 5);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_failed);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 1"));
    const auto told = reply("replies.bot");
    ASSERT_TRUE(told);
    EXPECT_FALSE(told->success);
    EXPECT_EQ(told->cost, Credits(0));
}

TEST_F(WorkerTest, ATaskWhoseDeadlineIsNearIsNotTriedAgain) {
    speech.failures = {{Kind::busy, ""}};
    store.add("1_1", TaskType::text, "Hello", Credits(1)).deadline_at = clock.now() + Duration(150);
    options.retry.base = Duration(1'000'000);
    start();
    ask("1_1");
    advance(1'000);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_failed);
}

TEST_F(WorkerTest, TheProviderIsNeverGivenMoreTimeThanTheTaskHas) {
    store.add("1_1", TaskType::text, "Hello", Credits(1)).deadline_at =
        clock.now() + Duration(7'000);
    start();
    ask("1_1");
    advance(1'000);
    ASSERT_EQ(speech.deadlines.size(), 1U);
    EXPECT_LE(speech.deadlines[0], Duration(7'000));
}

TEST_F(WorkerTest, ATaskPastItsDeadlineIsNotBegun) {
    store.add("1_1", TaskType::text, "Hello", Credits(1)).deadline_at = clock.now();
    start();
    ask("1_1");
    advance(1'000);
    EXPECT_EQ(task("1_1").failure, FailureReason::expired);
    EXPECT_THAT(speech.synthesized, IsEmpty());
}

TEST_F(WorkerTest, ABrokenProviderIsNotHammeredBeyondTheRetryBudget) {
    options.retry_budget = 3;
    for (int i = 0; i < 10; ++i) {
        speech.failures.push_back({Kind::down, ""});
        begin("1_" + std::to_string(i));
        advance(500);
    }
    EXPECT_EQ(metrics.count("retried"), 3);
    EXPECT_EQ(metrics.count("ended error"), 7);
}

TEST_F(WorkerTest, WhatTheProviderRefusesIsNotTriedAgain) {
    speech.failures = {{Kind::refused, ""}};
    begin();
    advance(1'000);
    EXPECT_EQ(task("1_1").failure, FailureReason::provider_refused);
    EXPECT_THAT(store.book, ElementsAre("release 1_1 1"));
}

TEST_F(WorkerTest, ALanguageThatNobodyUnderstandsIsSaid) {
    speech.failures = {{Kind::unsupported, ""}};
    begin();
    advance(1'000);
    EXPECT_EQ(task("1_1").failure, FailureReason::unsupported_language);
}

TEST_F(WorkerTest, AProviderThatHangsIsCutOffAndTriedAgain) {
    speech.takes = Duration(100'000'000);
    begin();
    advance(40'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(metrics.count("synthesize busy"), 1);
    EXPECT_EQ(worker->in_flight(), 0);
}

TEST_F(WorkerTest, BlobsOfAnAttemptThatFailsAreRemoved) {
    options.limits.longest_part = 12;
    store.add("1_1", TaskType::text, "First half. Other half.", Credits(3));
    speech.takes = Duration(3'000);
    start();
    ask("1_1");
    advance(4'000);
    EXPECT_EQ(results.blobs.size(), 1U);
    speech.failures = {{Kind::down, ""}};
    advance(4'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_THAT(results.blobs, IsEmpty());
}

TEST_F(WorkerTest, NoMoreTasksThanItsSlotsAreInFlight) {
    speech.takes = Duration(5'000);
    for (int i = 0; i < 10; ++i) begin("1_" + std::to_string(i));
    advance(1'000);
    EXPECT_EQ(worker->in_flight(), 4);
    EXPECT_EQ(metrics.in_flight, 4);
    EXPECT_EQ(broker_.depth(task_queue()), 6U);
    advance(60'000);
    EXPECT_EQ(metrics.count("ended completed"), 10);
    EXPECT_EQ(worker->in_flight(), 0);
}

}  // namespace
}  // namespace mlbilling::test
