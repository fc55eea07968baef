#include "domain/credits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <type_traits>

namespace mlbilling {
namespace {

constexpr auto limit = Credits::limit;

TEST(Credits, FitTheIntegerColumnOfEveryStore) {
    EXPECT_EQ(limit, std::numeric_limits<std::int32_t>::max());
    EXPECT_EQ(Credits().value(), 0);
    EXPECT_EQ(Credits(limit).value(), limit);
    EXPECT_EQ(Credits(-limit).value(), -limit);
}

TEST(Credits, FromOutsideAreRefusedBeyondTheLimit) {
    EXPECT_EQ(Credits::from(limit), Credits(limit));
    EXPECT_EQ(Credits::from(-limit), Credits(-limit));
    EXPECT_EQ(Credits::from(limit + 1), std::nullopt);
    EXPECT_EQ(Credits::from(-limit - 1), std::nullopt);
    EXPECT_EQ(Credits::from(std::numeric_limits<std::int64_t>::max()), std::nullopt);
    EXPECT_EQ(Credits::from(std::numeric_limits<std::int64_t>::min()), std::nullopt);
}

TEST(Credits, NothingConvertsToOrFromThemByAccident) {
    static_assert(!std::is_convertible_v<int, Credits>);
    static_assert(!std::is_convertible_v<double, Credits>);
    static_assert(!std::is_convertible_v<Credits, int>);
    static_assert(!std::is_convertible_v<Credits, double>);
    static_assert(!std::is_convertible_v<Credits, bool>);
}

TEST(CreditsDeathTest, OurOwnCodeMustNotLeaveTheLimit) {
    EXPECT_DEATH(Credits(limit + 1), "broken promise");
    EXPECT_DEATH(Credits(-limit - 1), "broken promise");
    EXPECT_DEATH(Credits(limit) + Credits(1), "broken promise");
    EXPECT_DEATH(Credits(-limit) - Credits(1), "broken promise");
}

RC_GTEST_PROP(Credits, AddAndCompareAsWholeNumbersDo, ()) {
    const auto any = rc::gen::inRange<std::int64_t>(-limit / 2, limit / 2);
    const auto a = *any;
    const auto b = *any;
    RC_ASSERT((Credits(a) + Credits(b)).value() == a + b);
    RC_ASSERT((Credits(a) - Credits(b)).value() == a - b);
    RC_ASSERT((-Credits(a)).value() == -a);
    RC_ASSERT((Credits(a) < Credits(b)) == (a < b));
    RC_ASSERT((Credits(a) == Credits(b)) == (a == b));
}

}  // namespace
}  // namespace mlbilling
