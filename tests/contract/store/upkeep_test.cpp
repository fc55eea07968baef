#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool is_calm(const SweepReport& report) {
    return report.leases_expired == 0 && report.tasks_expired == 0 && report.tasks_failed == 0 &&
           report.tasks_republished == 0 && report.retries_due == 0 &&
           report.deliveries_unknown == 0 && report.rows_forgotten == 0;
}

TEST_P(StoreContract, InCalmTimesTheSweepMendsNothing) {
    accept(1, "1_1", 10);
    accept(1, "1_2", 10);
    complete(lease("1_2"), 1);
    EXPECT_TRUE(is_calm(run(store().sweep({}))));
}

TEST_P(StoreContract, AnExpiredLeaseGoesBackToTheQueue) {
    accept(1, "1_1", 10);
    lease("1_1");
    clock().advance(lease_time);
    EXPECT_EQ(run(store().sweep({})).leases_expired, 1);
    EXPECT_EQ(story("1_1").task.status, TaskStatus::created);
    EXPECT_EQ(account(1), credits(20, 1));
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
    EXPECT_EQ(lease("1_1").task.attempt, 2);
    EXPECT_TRUE(is_calm(run(store().sweep({}))));
}

TEST_P(StoreContract, ATaskThatKeepsKillingItsWorkersIsGivenUp) {
    accept(1, "1_1", 10);
    SweepPolicy policy;
    policy.max_attempts = 2;
    for (int attempt = 1; attempt <= 2; ++attempt) {
        lease("1_1");
        clock().advance(lease_time);
        const auto report = run(store().sweep(policy));
        EXPECT_EQ(report.leases_expired, attempt == 1 ? 1 : 0);
        EXPECT_EQ(report.tasks_failed, attempt == 2 ? 1 : 0);
    }
    EXPECT_EQ(story("1_1").task.status, TaskStatus::error);
    EXPECT_EQ(story("1_1").task.failure, FailureReason::provider_failed);
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_TRUE(run(store().claim_result(TaskId("1_1"), claim_time)).has_value());
}

TEST_P(StoreContract, AnExpiredLeasePastTheDeadlineIsGivenUp) {
    accept(1, "1_1", 10);
    clock().advance(time_limit - Duration(1));
    lease("1_1");
    clock().advance(lease_time);
    EXPECT_EQ(run(store().sweep({})).tasks_failed, 1);
    EXPECT_EQ(story("1_1").hold, HoldState::released);
}

TEST_P(StoreContract, ALiveLeaseMayFinishPastTheDeadline) {
    accept(1, "1_1", 10);
    clock().advance(time_limit - Duration(1));
    const auto leased = lease("1_1");
    clock().advance(Duration(10));
    EXPECT_TRUE(is_calm(run(store().sweep({}))));
    EXPECT_EQ(complete(leased, 1).account, credits(19, 0));
}

TEST_P(StoreContract, ATaskThatNobodyStartsExpires) {
    accept(1, "1_1", 10);
    clock().advance(time_limit);
    EXPECT_EQ(run(store().sweep({})).tasks_expired, 1);
    const auto after = story("1_1");
    EXPECT_EQ(after.task.status, TaskStatus::expired);
    EXPECT_EQ(after.task.failure, FailureReason::expired);
    EXPECT_EQ(after.hold, HoldState::released);
    EXPECT_FALSE(after.in_outbox);
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_EQ(run(store().claim_result(TaskId("1_1"), claim_time))->task->status,
              TaskStatus::expired);
}

TEST_P(StoreContract, AnExpiredForeignTaskIsReplied) {
    accept(foreign_request(1, "1_1", 10));
    clock().advance(time_limit);
    run(store().sweep({}));
    const auto rows = run(store().take_outbox(10, Duration(30'000)));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].kind, OutboxRecord::Kind::reply);
}

TEST_P(StoreContract, OneSweepHandlesABatch) {
    for (int i = 0; i < 5; ++i) accept(1, "1_" + std::to_string(i), 10);
    clock().advance(time_limit);
    SweepPolicy policy;
    policy.batch = 2;
    EXPECT_EQ(run(store().sweep(policy)).tasks_expired, 2);
    EXPECT_EQ(run(store().sweep(policy)).tasks_expired, 2);
    EXPECT_EQ(run(store().sweep(policy)).tasks_expired, 1);
}

TEST_P(StoreContract, ALostMessageIsPublishedAgain) {
    const auto accepted = accept(1, "1_1", 10);
    run(store().published({accepted.outbox.id}));
    EXPECT_FALSE(story("1_1").in_outbox);
    EXPECT_EQ(run(store().statistics()).outbox_rows, 0);
    clock().advance(SweepPolicy{}.republish_after - Duration(1));
    EXPECT_TRUE(is_calm(run(store().sweep({}))));
    EXPECT_THAT(taken(10), IsEmpty());
    clock().advance(Duration(1));
    EXPECT_EQ(run(store().sweep({})).tasks_republished, 1);
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
}

TEST_P(StoreContract, ADueRetryIsMadeReady) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now() + Duration(1'000), {}));
    EXPECT_TRUE(is_calm(run(store().sweep({}))));
    clock().advance(Duration(1'000));
    EXPECT_EQ(run(store().sweep({})).retries_due, 1);
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
}

TEST_P(StoreContract, ARowOfADeadPublisherComesBack) {
    accept(1, "1_1", 10);
    EXPECT_THAT(taken(10), IsEmpty());
    clock().advance(Duration(30'000));
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
    EXPECT_THAT(taken(10), IsEmpty());
    clock().advance(Duration(30'000));
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
}

TEST_P(StoreContract, WhatTheBrokerHadNoRoomForIsDueAtOnce) {
    const auto accepted = accept(1, "1_1", 10);
    hand_back(accepted);
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
    run(store().not_published({accepted.outbox.id}));
    EXPECT_THAT(taken(10), ElementsAre("1_1"));
}

TEST_P(StoreContract, AStartedTaskIsNotPublishedAgain) {
    hand_back(accept(1, "1_1", 10));
    lease("1_1");
    EXPECT_THAT(taken(10), IsEmpty());
}

TEST_P(StoreContract, OneUsersBacklogDoesNotDelayTheOthers) {
    for (int i = 1; i <= 4; ++i) hand_back(accept(1, "a" + std::to_string(i), 10));
    for (int i = 1; i <= 2; ++i) hand_back(accept(2, "b" + std::to_string(i), 10));
    hand_back(accept(3, "c1", 10));
    EXPECT_THAT(taken(10), ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
}

TEST_P(StoreContract, ANewcomerIsServedNextHoweverLittleIsTaken) {
    for (int i = 1; i <= 5; ++i) hand_back(accept(1, "a" + std::to_string(i), 10));
    EXPECT_THAT(taken(2), ElementsAre("a1", "a2"));
    hand_back(accept(2, "b1", 10));
    hand_back(accept(2, "b2", 10));
    EXPECT_THAT(taken(1), ElementsAre("a3"));
    EXPECT_THAT(taken(1), ElementsAre("b1"));
    EXPECT_THAT(taken(1), ElementsAre("a4"));
    EXPECT_THAT(taken(1), ElementsAre("b2"));
    EXPECT_THAT(taken(1), ElementsAre("a5"));
}

TEST_P(StoreContract, OldUpdatesAreForgotten) {
    const auto request = text_request(1, "1_1", 10);
    accept(request);
    clock().advance(SweepPolicy{}.keep_inbox);
    EXPECT_EQ(run(store().sweep({})).rows_forgotten, 0);
    clock().advance(Duration(1));
    EXPECT_EQ(run(store().sweep({})).rows_forgotten, 1);
}

}  // namespace
}  // namespace mlbilling::test
