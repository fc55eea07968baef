#include "domain/ledger.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

namespace mlbilling {
namespace {

constexpr auto limit = Credits::limit;
constexpr TransactionType all_types[] = {TransactionType::grant, TransactionType::purchase,
                                         TransactionType::charge, TransactionType::refund,
                                         TransactionType::adjustment};

Entry entry_of(TransactionType type, std::int64_t amount) {
    Entry entry;
    entry.type = type;
    entry.amount = Credits(amount);
    return entry;
}

TEST(EntryCheck, TheSignFitsTheType) {
    for (const auto type : all_types) {
        EXPECT_FALSE(checked(entry_of(type, 0)).ok()) << to_string(type);
        EXPECT_EQ(checked(entry_of(type, -1)).ok(),
                  type == TransactionType::charge || type == TransactionType::adjustment)
            << to_string(type);
        EXPECT_EQ(checked(entry_of(type, 1)).ok(), type != TransactionType::charge)
            << to_string(type);
    }
}

TEST(EntryCheck, GivesTheEntryBackUnchanged) {
    auto entry = entry_of(TransactionType::charge, -limit);
    entry.key = IdempotencyKey("charge:1_2");
    const auto result = checked(entry);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->amount, Credits(-limit));
    EXPECT_EQ(result->key, entry.key);
}

TEST(Booking, NeverTouchesWhatIsHeld) {
    const Account account{Credits(20), Credits(15)};
    EXPECT_EQ(apply(account, entry_of(TransactionType::adjustment, -5)),
              (Account{Credits(15), Credits(15)}));
    EXPECT_EQ(apply(account, entry_of(TransactionType::adjustment, -6)), std::nullopt);
    EXPECT_EQ(apply(account, entry_of(TransactionType::grant, 1)),
              (Account{Credits(21), Credits(15)}));
}

TEST(Booking, StopsAtTheLimit) {
    const Account rich{Credits(limit), Credits(0)};
    EXPECT_EQ(apply(rich, entry_of(TransactionType::purchase, 1)), std::nullopt);
    EXPECT_EQ(apply(rich, entry_of(TransactionType::purchase, limit)), std::nullopt);
    EXPECT_EQ(apply(rich, entry_of(TransactionType::adjustment, -limit)), Account{});
    EXPECT_EQ(apply(Account{}, entry_of(TransactionType::purchase, limit)), rich);
}

TEST(Holding, PromisesNothingTwice) {
    const Account account{Credits(20), Credits(15)};
    EXPECT_EQ(hold(account, Credits(5)), (Account{Credits(20), Credits(20)}));
    EXPECT_EQ(hold(account, Credits(6)), std::nullopt);
    EXPECT_EQ(hold(account, Credits(0)), account);
    EXPECT_EQ(hold(Account{Credits(limit), Credits(0)}, Credits(limit)),
              (Account{Credits(limit), Credits(limit)}));
    EXPECT_EQ(hold(Account{}, Credits(1)), std::nullopt);
}

TEST(Resolving, ChargesAPartAndReleasesTheRest) {
    const Account account{Credits(20), Credits(15)};
    EXPECT_EQ(resolve(account, Credits(10), Credits(4)), (Account{Credits(16), Credits(5)}));
    EXPECT_EQ(resolve(account, Credits(10), Credits(0)), (Account{Credits(20), Credits(5)}));
    EXPECT_EQ(resolve(account, Credits(15), Credits(15)), (Account{Credits(5), Credits(0)}));
}

TEST(LedgerDeathTest, BrokenPromisesEndTheProcess) {
    const Account account{Credits(20), Credits(15)};
    EXPECT_DEATH(resolve(account, Credits(10), Credits(11)), "broken promise");
    EXPECT_DEATH(resolve(account, Credits(10), Credits(-1)), "broken promise");
    EXPECT_DEATH(resolve(account, Credits(16), Credits(1)), "broken promise");
    EXPECT_DEATH(hold(account, Credits(-1)), "broken promise");
    EXPECT_DEATH(hold(Account{Credits(1), Credits(2)}, Credits(0)), "broken promise");
    EXPECT_DEATH(apply(Account{Credits(-1), Credits(0)}, entry_of(TransactionType::grant, 1)),
                 "broken promise");
}

/// Plays any sequence of operations against plain integers that follow the money rules.
RC_GTEST_PROP(Ledger, ABalanceIsTheSumOfItsEntriesAndHeldTheSumOfTheOpenHolds, ()) {
    Account account;
    std::int64_t sum = 0;
    std::vector<std::int64_t> open;
    for (int step = 0; step < 60; ++step) {
        const auto amount = *rc::gen::inRange<std::int64_t>(-60, 100);
        const auto choice = *rc::gen::inRange(0, 3);
        std::int64_t held = 0;
        for (const auto one : open) held += one;
        if (choice == 0 && amount != 0) {
            const auto after = apply(account, entry_of(TransactionType::adjustment, amount));
            RC_ASSERT(after.has_value() == (sum + amount >= held));
            if (after) sum += amount;
            account = after.value_or(account);
        } else if (choice == 1) {
            const auto price = std::abs(amount);
            const auto after = hold(account, Credits(price));
            RC_ASSERT(after.has_value() == (held + price <= sum));
            if (after) open.push_back(price);
            account = after.value_or(account);
        } else if (choice == 2 && !open.empty()) {
            const auto charge = *rc::gen::inRange<std::int64_t>(0, open.back() + 1);
            account = resolve(account, Credits(open.back()), Credits(charge));
            sum -= charge;
            open.pop_back();
        }
        held = 0;
        for (const auto one : open) held += one;
        RC_ASSERT(account == (Account{Credits(sum), Credits(held)}));
        RC_ASSERT(account.available() >= Credits(0));
    }
}

TEST(IdempotencyKeys, DifferentCausesNeverShareAKey) {
    const TaskId task("12_3");
    const std::vector<IdempotencyKey> keys{key_of_registration(UserId(12)),
                                           key_of_registration(UserId(13)),
                                           key_of_charge(task),
                                           key_of_charge(TaskId("-12_3")),
                                           key_of_refund(task, "a"),
                                           key_of_refund(task, "b"),
                                           key_of_purchase("telegram", "charge1"),
                                           key_of_purchase("yookassa", "charge1"),
                                           key_of_operator("a"),
                                           key_of_operator("12_3")};
    EXPECT_EQ(std::set(keys.begin(), keys.end()).size(), keys.size());
    EXPECT_EQ(key_of_charge(task), key_of_charge(TaskId("12_3")));
}

}  // namespace
}  // namespace mlbilling
