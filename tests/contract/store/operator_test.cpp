#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;

TransactionRecord booked(const BookingOutcome& outcome) {
    return std::get<TransactionRecord>(outcome);
}
BookingFailure refused(const BookingOutcome& outcome) { return std::get<BookingFailure>(outcome); }

TEST_P(StoreContract, ACorrectionIsALedgerRowWithActorAndReason) {
    due_answer(1);
    const auto gift = booked(give(1, 5, "r1"));
    EXPECT_EQ(gift.type, TransactionType::grant);
    EXPECT_EQ(gift.balance_after, Credits(25));
    EXPECT_EQ(gift.actor, "operator");
    EXPECT_EQ(gift.reason, "a test");
    EXPECT_EQ(gift.key, key_of_operator("r1").value());
    const auto taken = booked(give(1, -3, "r2"));
    EXPECT_EQ(taken.type, TransactionType::adjustment);
    EXPECT_EQ(account(1), credits(22, 0));
    EXPECT_EQ(run(store().history(TelegramId(1), std::nullopt, 1))[0].transaction.id, taken.id);
}

TEST_P(StoreContract, ACorrectionThatCannotBeIsRefused) {
    accept(1, "1_1", 150);
    EXPECT_EQ(refused(give(9, 5, "r1")), BookingFailure::no_such_user);
    EXPECT_EQ(refused(give(1, 0, "r1")), BookingFailure::no_amount);
    EXPECT_EQ(refused(give(1, -6, "r1")), BookingFailure::below_held);
    EXPECT_EQ(refused(give(1, Credits::limit, "r1")), BookingFailure::overflow);
    booked(give(1, -5, "r1"));
    EXPECT_EQ(refused(give(1, 1, "r1")), BookingFailure::already_booked);
    EXPECT_EQ(account(1), credits(15, 15));
}

TEST_P(StoreContract, RefundsNeverExceedTheCharge) {
    accept(1, "1_1", 100);
    complete(lease("1_1"), 10);
    const auto refund = [&](std::int64_t amount, const std::string& request) {
        return run(store().refund(TaskId("1_1"), Credits(amount), "operator", "sorry", request));
    };
    EXPECT_EQ(refused(refund(11, "r0")), BookingFailure::above_charge);
    EXPECT_EQ(booked(refund(4, "r1")).type, TransactionType::refund);
    EXPECT_EQ(refused(refund(4, "r1")), BookingFailure::already_booked);
    EXPECT_EQ(refused(refund(7, "r2")), BookingFailure::above_charge);
    EXPECT_EQ(refused(refund(0, "r2")), BookingFailure::no_amount);
    EXPECT_EQ(refused(refund(-1, "r2")), BookingFailure::no_amount);
    EXPECT_EQ(booked(refund(6, "r2")).balance_after, Credits(20));
    EXPECT_EQ(refused(refund(1, "r3")), BookingFailure::above_charge);
    EXPECT_EQ(story("1_1").task.status, TaskStatus::completed);
    EXPECT_EQ(story("1_1").transactions.size(), 3U);
}

TEST_P(StoreContract, TheNewestBackupIsKnown) {
    EXPECT_EQ(run(store().last_backup()), std::nullopt);
    const auto now = clock().now();
    run(store().record_backup({"second.dump", 2000, now}));
    run(store().record_backup({"first.dump", 1000, now - Duration(86'400'000)}));
    EXPECT_EQ(run(store().last_backup()), now);
}

TEST_P(StoreContract, WhatWasNotChargedIsNotRefunded) {
    accept(1, "1_1", 100);
    const auto refund = [&](const std::string& task) {
        return run(store().refund(TaskId(task), Credits(1), "operator", "sorry", "r1"));
    };
    EXPECT_EQ(refused(refund("1_1")), BookingFailure::above_charge);
    fail(lease("1_1"), FailureReason::silence);
    EXPECT_EQ(refused(refund("1_1")), BookingFailure::above_charge);
    EXPECT_EQ(refused(refund("9_9")), BookingFailure::no_such_task);
}

TEST_P(StoreContract, ARunningTaskKeepsThePriceItWasHeldAt) {
    accept(1, "1_1", 100);
    const auto leased = lease("1_1");
    auto dearer = leased.task.price;
    dearer.micro_credits_per_unit = 900'000;
    run(store().set_price(dearer));
    EXPECT_EQ(story("1_1").task.price.micro_credits_per_unit, 100'000);
    EXPECT_EQ(complete(leased, 10).account, credits(10, 0));
    EXPECT_EQ(accept(1, "1_2", 10).task.held, Credits(9));
}

TEST_P(StoreContract, APriceIsClosedAndReplaced) {
    clock().advance(Duration(1'000));
    Price price;
    price.type = TaskType::voice;
    price.micro_credits_per_unit = 700'000;
    price.min_credits = Credits(2);
    price.cached_percent = 10;
    price.valid_from = clock().now();
    const auto written = run(store().set_price(price));
    const auto all = run(store().prices());
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[2], written);
    int closed = 0;
    for (const auto& old : all)
        if (old.valid_until) {
            ++closed;
            EXPECT_EQ(old.type, TaskType::voice);
            EXPECT_EQ(old.valid_until, price.valid_from);
        }
    EXPECT_EQ(closed, 1);
}

TEST_P(StoreContract, APriceOfTheFutureWaitsForItsTime) {
    Price price;
    price.micro_credits_per_unit = 1'000'000;
    price.min_credits = Credits(1);
    price.valid_from = clock().now() + Duration(1'000);
    run(store().set_price(price));
    EXPECT_EQ(accept(1, "1_1", 5).task.held, Credits(1));
    clock().advance(Duration(1'000));
    EXPECT_EQ(accept(1, "1_2", 5).task.held, Credits(5));
}

TEST_P(StoreContract, APriceNeverBeginsInThePast) {
    Price price;
    price.micro_credits_per_unit = 1'000'000;
    price.min_credits = Credits(1);
    price.valid_from = Time(Duration(1));
    EXPECT_EQ(run(store().set_price(price)).valid_from, clock().now());
    EXPECT_EQ(run(store().set_price(price)).valid_from, clock().now());
    EXPECT_EQ(accept(1, "1_1", 5).task.held, Credits(5));
}

TEST_P(StoreContract, ARoleIsSetOrTheUserUnknown) {
    due_answer(1);
    EXPECT_TRUE(run(store().set_role(TelegramId(1), Role::admin, "operator")));
    EXPECT_EQ(run(store().find_user(TelegramId(1)))->role, Role::admin);
    EXPECT_FALSE(run(store().set_role(TelegramId(9), Role::admin, "operator")));
    EXPECT_FALSE(run(store().find_user(TelegramId(9))).has_value());
}

TEST_P(StoreContract, UsersAndTasksAreListedNewestFirst) {
    for (int user = 1; user <= 3; ++user) accept(user, std::to_string(user) + "_1", 10);
    accept(1, "1_2", 10);
    const auto users = run(store().users(2));
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0].telegram, TelegramId(3));
    EXPECT_EQ(users[1].telegram, TelegramId(2));
    EXPECT_THAT(run(store().newest_tasks(std::nullopt, 3)),
                ElementsAre(TaskId("1_2"), TaskId("3_1"), TaskId("2_1")));
    EXPECT_THAT(run(store().newest_tasks(TelegramId(1), 10)),
                ElementsAre(TaskId("1_2"), TaskId("1_1")));
}

TEST_P(StoreContract, AnOperatorsCancelTellsTheUser) {
    accept(1, "1_1", 10);
    EXPECT_TRUE(run(store().cancel_task(TaskId("1_1"))));
    EXPECT_FALSE(run(store().cancel_task(TaskId("1_1"))));
    EXPECT_FALSE(run(store().cancel_task(TaskId("9_9"))));
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_EQ(run(store().claim_result(TaskId("1_1"), claim_time))->task->status,
              TaskStatus::cancelled);
}

TEST_P(StoreContract, AnOperatorsRetryEndsTheWaiting) {
    accept(1, "1_1", 10);
    EXPECT_FALSE(run(store().retry_task(TaskId("1_1"))));
    const auto leased = lease("1_1");
    EXPECT_FALSE(run(store().retry_task(TaskId("1_1"))));
    run(store().retry(TaskId("1_1"), leased.task.epoch, clock().now() + Duration(60'000), {}));
    EXPECT_TRUE(run(store().retry_task(TaskId("1_1"))));
    EXPECT_EQ(taken(10), std::vector<std::string>{"1_1"});
    lease("1_1");
}

TEST_P(StoreContract, StatisticsSumTheBook) {
    accept(1, "1_1", 100);
    clock().advance(Duration(1'000));
    accept(1, "1_2", 10);
    accept(2, "2_1", 10);
    complete(lease("2_1"), 1);
    clock().advance(Duration(500));
    lease("1_2");
    const auto sums = run(store().statistics());
    EXPECT_EQ(sums.users, 2);
    EXPECT_EQ(sums.balance_total, 39);
    EXPECT_EQ(sums.held_total, 11);
    EXPECT_EQ(sums.tasks_created, 1);
    EXPECT_EQ(sums.tasks_processing, 1);
    EXPECT_EQ(sums.outbox_rows, 1);
    EXPECT_EQ(sums.undelivered, 1);
    EXPECT_EQ(sums.oldest_created_task, Duration(1'500));
    EXPECT_EQ(sums.oldest_outbox_row, Duration(1'500));
    EXPECT_EQ(sums.oldest_undelivered, Duration(500));
}

TEST_P(StoreContract, AnEmptyBookIsInOrder) {
    EXPECT_EQ(run(store().statistics()).users, 0);
    EXPECT_FALSE(run(store().story(TaskId("1_1"))).has_value());
    EXPECT_TRUE(run(store().verify()).empty());
}

}  // namespace
}  // namespace mlbilling::test
