// Races, each as the interleaving that would break the rule: the loser changes nothing.
#include <set>

#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

TEST_P(StoreContract, FiftyTasksOnCreditsForTenRunExactlyTen) {
    run(store().answer(answer_request(1, {Notice::Kind::help, {}})));
    std::vector<Async<TaskOutcome>> works;
    for (int i = 0; i < 50; ++i)
        works.push_back(store().accept(text_request(1, "1_" + std::to_string(i), 20)));
    int accepted = 0;
    int refused = 0;
    for (const auto& outcome : run_together(std::move(works))) {
        accepted += std::holds_alternative<Accepted>(outcome) ? 1 : 0;
        refused += std::holds_alternative<Insufficient>(outcome) ? 1 : 0;
    }
    EXPECT_EQ(accepted, 10);
    EXPECT_EQ(refused, 40);
    EXPECT_EQ(account(1), credits(20, 20));
}

TEST_P(StoreContract, OneUpdateDeliveredManyTimesAtOnceTakesEffectOnce) {
    const auto request = text_request(1, "1_1", 20);
    std::vector<Async<TaskOutcome>> works;
    for (int i = 0; i < 20; ++i) works.push_back(store().accept(request));
    int accepted = 0;
    for (const auto& outcome : run_together(std::move(works)))
        accepted += std::holds_alternative<Accepted>(outcome) ? 1 : 0;
    EXPECT_EQ(accepted, 1);
    EXPECT_EQ(account(1), credits(20, 2));
}

TEST_P(StoreContract, OfManyWorkersOneGetsTheLease) {
    accept(1, "1_1", 10);
    std::vector<Async<LeaseOutcome>> works;
    for (int i = 0; i < 10; ++i)
        works.push_back(store().lease(TaskId("1_1"), "worker", lease_time));
    int leased = 0;
    for (const auto& outcome : run_together(std::move(works)))
        leased += std::holds_alternative<Leased>(outcome) ? 1 : 0;
    EXPECT_EQ(leased, 1);
}

TEST_P(StoreContract, OfManySettlementsOneWins) {
    accept(1, "1_1", 100);
    const auto leased = lease("1_1");
    std::vector<Async<SettleOutcome>> works;
    for (int i = 0; i < 10; ++i) {
        works.push_back(store().complete(completion(leased, 10)));
        works.push_back(
            store().fail(TaskId("1_1"), leased.task.epoch, FailureReason::silence, {}, {}));
        works.push_back(store().retry(TaskId("1_1"), leased.task.epoch, clock().now(), {}));
    }
    int settled = 0;
    for (const auto& outcome : run_together(std::move(works)))
        settled += std::holds_alternative<Settled>(outcome) ? 1 : 0;
    EXPECT_EQ(settled, 1);
    EXPECT_EQ(account(1), credits(10, 0));
}

TEST_P(StoreContract, ASecondSettlementIsFenced) {
    accept(1, "1_1", 100);
    const auto leased = lease("1_1");
    complete(leased, 10);
    EXPECT_TRUE(std::holds_alternative<Fenced>(run(store().complete(completion(leased, 10)))));
    EXPECT_TRUE(std::holds_alternative<Fenced>(
        run(store().fail(TaskId("1_1"), leased.task.epoch, FailureReason::silence, {}, {}))));
    EXPECT_TRUE(std::holds_alternative<Fenced>(
        run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now(), {}))));
    EXPECT_TRUE(std::holds_alternative<Fenced>(
        run(store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(20), Credits(2)))));
    EXPECT_FALSE(run(store().extend_lease(TaskId("1_1"), leased.task.epoch, lease_time)));
    EXPECT_FALSE(run(store().record_operation(TaskId("1_1"), leased.task.epoch, "late")));
    EXPECT_EQ(account(1), credits(10, 0));
    EXPECT_EQ(story("1_1").deliveries.size(), 1U);
}

TEST_P(StoreContract, AZombieWorkerChangesNothing) {
    accept(1, "1_1", 100);
    const auto zombie = lease("1_1");
    clock().advance(lease_time);
    const auto owner = lease("1_1");
    EXPECT_EQ(owner.task.attempt, 2);
    EXPECT_TRUE(std::holds_alternative<Fenced>(run(store().complete(completion(zombie, 10)))));
    EXPECT_TRUE(std::holds_alternative<Fenced>(
        run(store().fail(TaskId("1_1"), zombie.task.epoch, FailureReason::silence, {}, {}))));
    EXPECT_FALSE(run(store().extend_lease(TaskId("1_1"), zombie.task.epoch, lease_time)));
    EXPECT_EQ(account(1), credits(20, 10));
    EXPECT_EQ(complete(owner, 10).account, credits(10, 0));
}

TEST_P(StoreContract, AZombieCannotSettleATaskThatTheSweeperPutBack) {
    accept(1, "1_1", 100);
    const auto zombie = lease("1_1");
    clock().advance(lease_time);
    run(store().sweep({}));
    EXPECT_TRUE(std::holds_alternative<Fenced>(run(store().complete(completion(zombie, 10)))));
    EXPECT_EQ(story("1_1").task.status, TaskStatus::created);
}

TEST_P(StoreContract, AnExpiredLeaseThatNobodyTookMayStillSettle) {
    accept(1, "1_1", 100);
    const auto leased = lease("1_1");
    clock().advance(lease_time + Duration(1));
    EXPECT_EQ(complete(leased, 10).account, credits(10, 0));
}

TEST_P(StoreContract, ARunningLeaseCannotBeTaken) {
    accept(1, "1_1", 100);
    lease("1_1");
    clock().advance(lease_time - Duration(1));
    const auto outcome = run(store().lease(TaskId("1_1"), "worker", lease_time));
    EXPECT_EQ(std::get<NotLeased>(outcome).task->status, TaskStatus::processing);
}

TEST_P(StoreContract, AHeartbeatKeepsTheLease) {
    accept(1, "1_1", 100);
    const auto leased = lease("1_1");
    clock().advance(lease_time - Duration(1));
    EXPECT_TRUE(run(store().extend_lease(TaskId("1_1"), leased.task.epoch, lease_time)));
    clock().advance(lease_time - Duration(1));
    EXPECT_TRUE(
        std::holds_alternative<NotLeased>(run(store().lease(TaskId("1_1"), "worker", lease_time))));
    EXPECT_EQ(run(store().sweep({})).leases_expired, 0);
}

TEST_P(StoreContract, CancelAndLeaseExcludeEachOther) {
    for (int i = 0; i < 10; ++i) {
        const auto id = "1_" + std::to_string(i);
        accept(1, id, 10);
        std::vector<Async<bool>> works;
        works.push_back(store().cancel_task(TaskId(id)));
        works.push_back([](Store& store, TaskId task) -> Async<bool> {
            co_return std::holds_alternative<Leased>(
                co_await store.lease(std::move(task), "worker", lease_time));
        }(store(), TaskId(id)));
        if (i % 2 == 1) std::swap(works[0], works[1]);
        const auto won = run_together(std::move(works));
        EXPECT_NE(won[0], won[1]);
    }
}

TEST_P(StoreContract, ATaskPastItsDeadlineIsNotLeased) {
    accept(1, "1_1", 10);
    clock().advance(time_limit);
    EXPECT_TRUE(
        std::holds_alternative<NotLeased>(run(store().lease(TaskId("1_1"), "worker", lease_time))));
}

TEST_P(StoreContract, OneDeliveryIsClaimedByOne) {
    accept(1, "1_1", 10);
    complete(lease("1_1"), 1);
    std::vector<Async<std::optional<ClaimedDelivery>>> works;
    for (int i = 0; i < 10; ++i) works.push_back(store().claim_result(TaskId("1_1"), claim_time));
    int claimed = 0;
    for (const auto& delivery : run_together(std::move(works))) claimed += delivery ? 1 : 0;
    EXPECT_EQ(claimed, 1);
}

TEST_P(StoreContract, OneOutboxRowIsTakenByOne) {
    for (int i = 0; i < 8; ++i) hand_back(accept(i + 1, std::to_string(i), 10));
    std::vector<Async<std::vector<OutboxRecord>>> works;
    for (int i = 0; i < 4; ++i) works.push_back(store().take_outbox(3, Duration(30'000)));
    std::set<std::string> ids;
    std::size_t rows = 0;
    for (const auto& taken : run_together(std::move(works)))
        for (const auto& row : taken) {
            ids.insert(row.task.id.value());
            ++rows;
        }
    EXPECT_EQ(rows, 8U);
    EXPECT_EQ(ids.size(), 8U);
}

TEST_P(StoreContract, OneOperatorsRequestIsBookedOnce) {
    run(store().answer(answer_request(1, {Notice::Kind::help, {}})));
    std::vector<Async<BookingOutcome>> works;
    for (int i = 0; i < 10; ++i)
        works.push_back(store().correct({TelegramId(1), Credits(5), "operator", "a gift", "r1"}));
    int booked = 0;
    for (const auto& outcome : run_together(std::move(works)))
        booked += std::holds_alternative<TransactionRecord>(outcome) ? 1 : 0;
    EXPECT_EQ(booked, 1);
    EXPECT_EQ(account(1), credits(25, 0));
}

}  // namespace
}  // namespace mlbilling::test
