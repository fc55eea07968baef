#include <gmock/gmock.h>

#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutageTest : public Workshop {
  protected:
    void begin(const std::string& id = "1_1") {
        store.add(id, TaskType::text, "Hello " + id, Credits(1));
        if (!worker) start();
        ask(id);
    }
    /// Takes the worker at the moment when the provider works on the task.
    void begin_long() {
        speech.takes = Duration(25'000);
        begin();
        advance(1'000);
        ASSERT_EQ(worker->in_flight(), 1);
    }
};

TEST_F(OutageTest, NothingIsAcknowledgedWhileTheStoreIsDown) {
    store.fail_before["lease"] = 5;
    begin();
    advance(100);
    EXPECT_EQ(broker_.unacknowledged(), 1U);
    advance(60'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(OutageTest, WhatNobodyForesawInOneTaskEndsOneAttemptOfIt) {
    begin_long();
    speech.takes = Duration(100);
    speech.odd_failures = 1;
    begin("1_2");
    advance(60'000);
    EXPECT_FALSE(ended);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_2").attempt, 1);
    EXPECT_EQ(task("1_2").status, TaskStatus::created);
    EXPECT_EQ(speech.synthesized.size(), 2U);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(OutageTest, AResultOutlivesAnOutageAtItsSettlement) {
    store.fail_before["complete"] = 3;
    begin();
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(speech.synthesized.size(), 1U);
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 1"));
}

TEST_F(OutageTest, ACommitWhoseAnswerIsLostChargesOnceAndKeepsItsBlobs) {
    store.fail_after["complete"] = 1;
    begin();
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 1"));
    EXPECT_TRUE(results.blobs.contains("2027-01-15-08/1_1-1-0.ogg"));
    EXPECT_TRUE(queue_is_done());
}

TEST_F(OutageTest, ALeaseWhoseAnswerIsLostIsLeftToTheSweeper) {
    store.fail_after["lease"] = 1;
    begin();
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::processing);
    EXPECT_TRUE(queue_is_done());
    EXPECT_EQ(worker->in_flight(), 0);
}

TEST_F(OutageTest, AFullDiskCostsAnAttemptAndNoCharge) {
    results.outages = 1;
    begin();
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_TRUE(queue_is_done());
    ask("1_1");
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 1"));
}

TEST_F(OutageTest, ADecoderThatDoesNotStartCostsAnAttempt) {
    codec.outages = 1;
    store.add("1_1", TaskType::voice, "AwAD", Credits(1));
    start();
    ask("1_1");
    advance(20'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
}

TEST_F(OutageTest, StopWithNothingToDoEndsAtOnce) {
    start();
    worker->stop();
    clock.drain();
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
}

TEST_F(OutageTest, StopLetsRunningWorkFinishAndTakesNoMore) {
    begin_long();
    worker->stop();
    begin("1_2");
    advance(10'000);
    EXPECT_FALSE(ended);
    EXPECT_EQ(worker->in_flight(), 1);
    options.drain = Duration(30'000);
    advance(15'000);
    EXPECT_EQ(broker_.depth(task_queue()), 1U);
    EXPECT_EQ(task("1_2").status, TaskStatus::created);
}

TEST_F(OutageTest, WorkThatFinishesWhileDrainingIsSettled) {
    options.drain = Duration(60'000);
    begin_long();
    worker->stop();
    advance(30'000);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(OutageTest, WorkThatOutlastsTheDrainIsHandedBackAtOnce) {
    options.drain = Duration(5'000);
    begin_long();
    worker->stop();
    advance(5'100);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_LE(*task("1_1").next_attempt_at, clock.now());
    EXPECT_THAT(store.book, IsEmpty());
    EXPECT_TRUE(queue_is_done());
    EXPECT_EQ(worker->in_flight(), 0);
}

TEST_F(OutageTest, TheDrainEndsEvenWhileTheStoreIsDown) {
    options.drain = Duration(5'000);
    begin_long();
    for (const auto* method : {"retry", "extend_lease", "complete", "lease"})
        store.fail_before[method] = 1'000'000;
    worker->stop();
    advance(6'000);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
    EXPECT_EQ(broker_.unacknowledged(), 1U);
}

TEST_F(OutageTest, AMessageThatCouldNotBeBegunGoesBackWhenTheWorkerStops) {
    store.fail_before["lease"] = 1'000'000;
    begin();
    advance(3'000);
    worker->stop();
    advance(30'000);
    EXPECT_TRUE(ended);
    EXPECT_EQ(broker_.depth(task_queue()), 1U);
    EXPECT_EQ(broker_.unacknowledged(), 0U);
}

TEST_F(OutageTest, AKilledWorkerSettlesNothingAndItsTaskRunsAgain) {
    begin_long();
    kill();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(error);
    EXPECT_EQ(task("1_1").status, TaskStatus::processing);
    broker_.return_unacknowledged();
    EXPECT_EQ(broker_.depth(task_queue()), 1U);
    advance(60'000);
    start();
    advance(60'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(task("1_1").epoch, Epoch(2));
    EXPECT_THAT(store.book, ElementsAre("charge 1_1 1"));
}

}  // namespace
}  // namespace mlbilling::test
