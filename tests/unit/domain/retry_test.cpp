#include "domain/retry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace mlbilling {
namespace {

constexpr auto any_random = std::numeric_limits<std::uint64_t>::max();

TEST(Backoff, DoublesUpToTheCap) {
    const RetryPolicy policy{3, Duration(2'000), Duration(60'000)};
    EXPECT_EQ(backoff(policy, 1, 1'000), Duration(2'000));
    EXPECT_EQ(backoff(policy, 2, 2'000), Duration(4'000));
    EXPECT_EQ(backoff(policy, 5, 16'000), Duration(32'000));
    EXPECT_EQ(backoff(policy, 6, 30'000), Duration(60'000));
}

TEST(Backoff, IsNeverShorterThanHalfOfItsLongest) {
    const RetryPolicy policy{3, Duration(2'000), Duration(60'000)};
    EXPECT_EQ(backoff(policy, 1, 0), Duration(1'000));
    EXPECT_EQ(backoff(policy, 6, 0), Duration(30'000));
    // One more than the longest starts again at the shortest.
    EXPECT_EQ(backoff(policy, 1, 1'001), Duration(1'000));
    EXPECT_EQ(backoff(policy, 6, 30'001), Duration(30'000));
}

TEST(Backoff, OfAHugePolicyDoesNotOverflow) {
    const RetryPolicy policy{3, Duration(1'000'000'000'000), Duration::max()};
    EXPECT_GE(backoff(policy, std::numeric_limits<int>::max(), any_random), Duration(0));
    EXPECT_GE(backoff(policy, 30, any_random), Duration(0));
    EXPECT_EQ(backoff(RetryPolicy{3, Duration(0), Duration(0)}, 9, any_random), Duration(0));
}

TEST(BackoffDeathTest, AttemptsCountFromOne) {
    EXPECT_DEATH(backoff(RetryPolicy{}, 0, 1), "broken promise");
}

RC_GTEST_PROP(Backoff, LiesBelowTheCapForEveryAttempt, ()) {
    const RetryPolicy policy{3, Duration(*rc::gen::inRange(0, 10'000)),
                             Duration(*rc::gen::inRange(0, 100'000))};
    const auto attempt = *rc::gen::inRange(1, 100);
    const auto wait = backoff(policy, attempt, *rc::gen::arbitrary<std::uint64_t>());
    RC_ASSERT(wait >= Duration(0));
    RC_ASSERT(wait <= policy.cap);
    if (attempt > 30) return;
    const auto longest = std::min(policy.cap.count(), policy.base.count() << (attempt - 1));
    RC_ASSERT(wait.count() <= longest);
    RC_ASSERT(wait.count() >= longest / 2);
}

TEST(RetryBudget, EndsAndIsEarnedBackByTenSuccesses) {
    RetryBudget budget(2);
    EXPECT_TRUE(budget.take());
    EXPECT_TRUE(budget.take());
    EXPECT_FALSE(budget.take());
    for (int i = 0; i < 9; ++i) budget.on_success();
    EXPECT_FALSE(budget.take());
    budget.on_success();
    EXPECT_TRUE(budget.take());
    EXPECT_FALSE(budget.take());
}

TEST(RetryBudget, SavesUpNoMoreThanItsCapacity) {
    RetryBudget budget(1);
    for (int i = 0; i < 1'000; ++i) budget.on_success();
    EXPECT_TRUE(budget.take());
    EXPECT_FALSE(budget.take());
    EXPECT_FALSE(RetryBudget(0).take());
}

RC_GTEST_PROP(RetryBudget, KeepsRetriesATenthOfAllCalls, ()) {
    const auto capacity = *rc::gen::inRange(0, 20);
    RetryBudget budget(capacity);
    int successes = 0;
    int retries = 0;
    for (const bool success : *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>())) {
        if (success) {
            budget.on_success();
            ++successes;
        } else if (budget.take()) {
            ++retries;
        }
        RC_ASSERT(retries * 10 <= capacity * 10 + successes);
    }
}

}  // namespace
}  // namespace mlbilling
