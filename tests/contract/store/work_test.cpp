#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using namespace std::string_literals;

TEST_P(StoreContract, ALeaseStartsTheTaskUnderANewEpoch) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    EXPECT_EQ(leased.task.status, TaskStatus::processing);
    EXPECT_EQ(leased.task.attempt, 1);
    EXPECT_EQ(leased.task.epoch, Epoch(1));
    EXPECT_EQ(leased.task.leased_until, clock().now() + lease_time);
    EXPECT_TRUE(leased.operation.empty());
    EXPECT_FALSE(story("1_1").in_outbox);
}

TEST_P(StoreContract, AnUnknownTaskIsNotLeased) {
    const auto outcome = run(store().lease(TaskId("1_1"), "worker", lease_time));
    EXPECT_FALSE(std::get<NotLeased>(outcome).task.has_value());
}

TEST_P(StoreContract, ACompletedTaskIsChargedOnceAndItsRestReturned) {
    accept(1, "1_1", 100);
    const auto settled = complete(lease("1_1"), 7);
    EXPECT_EQ(settled.account, credits(13, 0));
    EXPECT_EQ(settled.task.status, TaskStatus::completed);
    EXPECT_EQ(settled.task.cost, Credits(7));
    EXPECT_EQ(settled.task.held, Credits(10));
    EXPECT_EQ(settled.task.finished_at, clock().now());
    EXPECT_EQ(settled.task.provider, "local");
    EXPECT_EQ(settled.task.provider_cost, MicroRoubles(150'000));
    ASSERT_EQ(settled.task.result.parts.size(), 1U);
    EXPECT_EQ(settled.task.result.parts[0].duration, Duration(900));
    EXPECT_EQ(settled.task.result.parts[0].bytes, 4'321U);
    EXPECT_FALSE(settled.reply.has_value());
    const auto after = story("1_1");
    EXPECT_EQ(after.hold, HoldState::charged);
    ASSERT_EQ(after.transactions.size(), 1U);
    EXPECT_EQ(after.transactions[0].amount, Credits(-7));
    EXPECT_EQ(after.transactions[0].sequence, 2);
    EXPECT_EQ(after.transactions[0].balance_after, Credits(13));
    EXPECT_EQ(after.transactions[0].key, key_of_charge(TaskId("1_1")).value());
    // 7 is not what 100 characters cost, and the book says so.
    const auto found = run(store().verify());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].subject, "task 1_1");
    expect_violations();
}

TEST_P(StoreContract, ACompletedTaskOwesItsResultToItsChat) {
    accept(1, "1_1", 10);
    const auto settled = complete(lease("1_1"), 1);
    const auto delivery = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_EQ(delivery.notice.kind, Notice::Kind::task_result);
    EXPECT_EQ(delivery.task.value().result, settled.task.result);
    EXPECT_EQ(delivery.task.value().reply_to, "replies");
    EXPECT_EQ(delivery.chat, ChatId(1));
    EXPECT_EQ(delivery.reply_to, MessageId(7));
    EXPECT_EQ(delivery.profile.account, credits(19, 0));
    EXPECT_EQ(delivery.attempt, 1);
}

TEST_P(StoreContract, AnotherProducersResultGoesToItsQueue) {
    accept(foreign_request(1, "1_1", 10));
    const auto settled = complete(lease("1_1"), 1);
    const auto reply = settled.reply.value();
    EXPECT_EQ(reply.kind, OutboxRecord::Kind::reply);
    EXPECT_EQ(reply.task.reply_to, "replies");
    EXPECT_EQ(reply.task.cost, Credits(1));
    EXPECT_FALSE(run(store().claim_result(TaskId("1_1"), claim_time)).has_value());
    EXPECT_TRUE(taken(10).empty());
    clock().advance(Duration(30'000));
    EXPECT_EQ(taken(10), std::vector<std::string>{"1_1"});
    run(store().published({reply.id}));
    clock().advance(Duration(30'000));
    EXPECT_TRUE(taken(10).empty());
}

TEST_P(StoreContract, ATaskThatNobodyWaitsForIsToldToNobody) {
    auto request = foreign_request(1, "1_1", 10);
    request.reply_to.clear();
    accept(request);
    EXPECT_FALSE(complete(lease("1_1"), 1).reply.has_value());
    EXPECT_EQ(run(store().statistics()).outbox_rows, 0);
}

TEST_P(StoreContract, ATaskThatFailsReturnsItsHold) {
    accept(1, "1_1", 100);
    const auto settled = fail(lease("1_1"), FailureReason::silence);
    EXPECT_EQ(settled.account, credits(20, 0));
    EXPECT_EQ(settled.task.status, TaskStatus::error);
    EXPECT_EQ(settled.task.failure, FailureReason::silence);
    EXPECT_EQ(settled.task.cost, Credits(0));
    const auto after = story("1_1");
    EXPECT_EQ(after.hold, HoldState::released);
    EXPECT_TRUE(after.transactions.empty());
    const auto delivery = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_EQ(delivery.task->failure, FailureReason::silence);
}

TEST_P(StoreContract, AFailureOfAnotherProducersTaskIsReplied) {
    accept(foreign_request(1, "1_1", 10));
    EXPECT_EQ(fail(lease("1_1"), FailureReason::not_audio).reply->task.status, TaskStatus::error);
}

TEST_P(StoreContract, WhatEveryAttemptSpentIsAddedUp) {
    accept(1, "1_1", 10);
    auto leased = lease("1_1");
    run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now(),
                      {"yandex", MicroRoubles(160'000)}));
    leased = lease("1_1");
    const auto settled = std::get<Settled>(
        run(store().fail(leased.task.id, leased.task.epoch, FailureReason::silence, std::nullopt,
                         {"openai", MicroRoubles(40'000)})));
    EXPECT_EQ(settled.task.provider, "openai");
    EXPECT_EQ(settled.task.provider_cost, MicroRoubles(200'000));
}

TEST_P(StoreContract, AnAttemptThatIsPostponedDoesNotCount) {
    accept(1, "1_1", 10);
    for (int i = 0; i < 3; ++i) {
        const auto leased = lease("1_1");
        EXPECT_EQ(leased.task.attempt, 1);
        run(store().record_operation(TaskId("1_1"), leased.task.epoch, "op-7"));
        const auto postponed = std::get<Settled>(run(store().await_operation(
            TaskId("1_1"), leased.task.epoch, clock().now(), {"yandex", MicroRoubles(100)})));
        EXPECT_EQ(postponed.task.status, TaskStatus::created);
        EXPECT_EQ(postponed.task.attempt, 0);
        EXPECT_EQ(postponed.account.held, leased.task.held);
        // The lease has ended with it.
        EXPECT_TRUE(std::holds_alternative<Fenced>(
            run(store().await_operation(TaskId("1_1"), leased.task.epoch, clock().now(), {}))));
    }
    const auto leased = lease("1_1");
    EXPECT_EQ(leased.operation, "op-7");
    EXPECT_EQ(leased.task.provider_cost, MicroRoubles(300));
}

TEST_P(StoreContract, APostponedTaskIsNotDueBefore) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    run(store().await_operation(TaskId("1_1"), leased.task.epoch, clock().now() + Duration(60'000),
                                {}));
    EXPECT_TRUE(
        std::holds_alternative<NotLeased>(run(store().lease(TaskId("1_1"), "worker", lease_time))));
    EXPECT_TRUE(run(store().take_outbox(10, Duration(1'000))).empty());
    clock().advance(Duration(60'000));
    EXPECT_EQ(run(store().take_outbox(10, Duration(1'000))).size(), 1U);
}

TEST_P(StoreContract, ATaskThatWaitsForItsTurnHasItsTimeMovedAndTellsItsUser) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    const auto deadline = leased.task.deadline_at;
    const auto turn = clock().now() + Duration(5'000'000);
    const auto due = run(store().due_deliveries(10)).size();
    const auto waiting = std::get<Settled>(run(
        store().await_turn({TaskId("1_1"), leased.task.epoch, turn, turn + Duration(10'000), {}})));
    EXPECT_EQ(waiting.task.status, TaskStatus::created);
    EXPECT_EQ(waiting.task.attempt, 0);
    EXPECT_EQ(waiting.task.next_attempt_at, turn);
    EXPECT_EQ(waiting.task.deadline_at, deadline + Duration(5'000'000));
    EXPECT_EQ(waiting.account.held, leased.task.held);
    const auto deliveries = run(store().due_deliveries(10));
    ASSERT_EQ(deliveries.size(), due + 1);
    const auto told = run(store().claim_delivery(deliveries.back(), Duration(10'000)));
    ASSERT_TRUE(told.has_value());
    EXPECT_EQ(told->notice.kind, Notice::Kind::waits_for_turn);
    EXPECT_EQ(told->notice.facts.at("ms"), "5010000");
    // The lease has ended with it.
    EXPECT_TRUE(std::holds_alternative<Fenced>(
        run(store().await_turn({TaskId("1_1"), leased.task.epoch, turn, std::nullopt, {}}))));
    clock().advance(Duration(5'000'000));
    run(store().sweep({}));
    EXPECT_EQ(lease("1_1").task.status, TaskStatus::processing);
}

TEST_P(StoreContract, AnAttemptThatCalledNobodyKeepsWhatIsKnown) {
    accept(1, "1_1", 10);
    auto leased = lease("1_1");
    run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now(),
                      {"yandex", MicroRoubles(160'000)}));
    leased = lease("1_1");
    EXPECT_EQ(fail(leased, FailureReason::silence).task.provider, "yandex");
    EXPECT_EQ(story("1_1").task.provider_cost, MicroRoubles(160'000));
}

TEST_P(StoreContract, AResultThatCostsNothingLeavesNoLedgerRow) {
    auto free_when_cached = run(store().current_prices())[0];
    free_when_cached.type = TaskType::text;
    free_when_cached.cached_percent = 0;
    run(store().set_price(free_when_cached));
    accept(1, "1_1", 10);
    auto done = completion(lease("1_1"), 0);
    done.cached = true;
    EXPECT_EQ(std::get<Settled>(run(store().complete(done))).account, credits(20, 0));
    EXPECT_TRUE(story("1_1").transactions.empty());
    EXPECT_EQ(story("1_1").hold, HoldState::charged);
}

TEST_P(StoreContract, ACachedResultCostsItsPart) {
    accept(1, "1_1", 50);
    auto done = completion(lease("1_1"), 3);
    done.cached = true;
    EXPECT_EQ(std::get<Settled>(run(store().complete(done))).account, credits(17, 0));
}

TEST_P(StoreContract, ARetryKeepsTheHoldAndWaits) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    const auto due = clock().now() + Duration(5'000);
    const auto settled =
        std::get<Settled>(run(store().retry(TaskId("1_1"), leased.task.epoch, due, {})));
    EXPECT_EQ(settled.task.status, TaskStatus::created);
    EXPECT_EQ(settled.task.next_attempt_at, due);
    EXPECT_EQ(settled.account, credits(20, 1));
    EXPECT_TRUE(
        std::holds_alternative<NotLeased>(run(store().lease(TaskId("1_1"), "worker", lease_time))));
    EXPECT_TRUE(taken(10).empty());
    clock().advance(Duration(5'000));
    EXPECT_EQ(taken(10), std::vector<std::string>{"1_1"});
    const auto again = lease("1_1");
    EXPECT_EQ(again.task.attempt, 2);
    EXPECT_EQ(again.task.epoch, Epoch(2));
    EXPECT_FALSE(again.task.next_attempt_at.has_value());
}

TEST_P(StoreContract, ALatePublishMarkDoesNotSwallowARetry) {
    const auto accepted = accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now(), {}));
    run(store().published({accepted.outbox.id}));
    EXPECT_EQ(taken(10), std::vector<std::string>{"1_1"});
}

TEST_P(StoreContract, TheHoldGrowsToTheMeasuredPrice) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    const auto outcome =
        run(store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(150), Credits(15)));
    EXPECT_EQ(std::get<Adjusted>(outcome).account, credits(20, 15));
    EXPECT_EQ(story("1_1").task.held, Credits(15));
    EXPECT_EQ(story("1_1").task.units_measured, Units(150));
    auto done = completion(leased, 15);
    done.measured = Units(150);
    EXPECT_EQ(std::get<Settled>(run(store().complete(done))).account, credits(5, 0));
}

TEST_P(StoreContract, TheHoldShrinksToTheMeasuredPrice) {
    accept(1, "1_1", 200);
    const auto leased = lease("1_1");
    run(store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(30), Credits(3)));
    EXPECT_EQ(account(1), credits(20, 3));
    accept(1, "1_2", 170);
}

TEST_P(StoreContract, AMeasuredPriceThatIsNotCoveredChangesNothing) {
    accept(1, "1_1", 10);
    accept(1, "1_2", 100);
    const auto leased = lease("1_1");
    const auto outcome =
        run(store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(110), Credits(11)));
    EXPECT_EQ(std::get<Insufficient>(outcome).price, Credits(11));
    EXPECT_EQ(std::get<Insufficient>(outcome).account, credits(20, 11));
    EXPECT_EQ(story("1_1").task.held, Credits(1));
    // Its own hold counts: 10 are available to it.
    EXPECT_TRUE(std::holds_alternative<Adjusted>(
        run(store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(100), Credits(10)))));
}

TEST_P(StoreContract, AnUnfinishedOperationIsHandedToTheNextAttempt) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    EXPECT_TRUE(run(store().record_operation(TaskId("1_1"), leased.task.epoch, "operation-1")));
    EXPECT_FALSE(run(store().record_operation(TaskId("1_1"), Epoch(9), "operation-2")));
    clock().advance(lease_time);
    EXPECT_EQ(lease("1_1").operation, "operation-1");
}

TEST_P(StoreContract, AResultIsFoundUnderItsCacheKey) {
    accept(1, "1_1", 10);
    auto done = completion(lease("1_1"), 1);
    done.cache_key = "key";
    run(store().complete(done));
    EXPECT_EQ(run(store().find_cached("key")), done.result);
    EXPECT_FALSE(run(store().find_cached("other")).has_value());
    clock().advance(SweepPolicy{}.keep_cache + Duration(1));
    run(store().sweep({}));
    EXPECT_FALSE(run(store().find_cached("key")).has_value());
}

TEST_P(StoreContract, AnAnswerFromTheCacheDoesNotMakeItYounger) {
    accept(1, "1_1", 10);
    auto done = completion(lease("1_1"), 1);
    done.cache_key = "key";
    run(store().complete(done));
    clock().advance(SweepPolicy{}.keep_cache);
    accept(1, "1_2", 10);
    done = completion(lease("1_2"), 1);
    done.cache_key = "key";
    done.cached = true;
    run(store().complete(done));
    clock().advance(Duration(1));
    run(store().sweep({}));
    EXPECT_FALSE(run(store().find_cached("key")).has_value());
}

TEST_P(StoreContract, TextsComeBackAsTheyWentIn) {
    auto request = text_request(1, "1_1", 10);
    request.data = "quote \" slash \\ newline \n nul \0 привет 👋 not UTF-8 \xff"s;
    accept(request);
    EXPECT_EQ(story("1_1").task.payload.data, request.data);
}

}  // namespace
}  // namespace mlbilling::test
