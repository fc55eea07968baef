#include "domain/pricing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace mlbilling {
namespace {

constexpr std::int64_t int_max = Credits::limit;
constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t micro = 1'000'000;

Price price_of(TaskType type, std::int64_t micro_credits, std::int64_t minimum = 1) {
    Price price;
    price.type = type;
    price.micro_credits_per_unit = micro_credits;
    price.min_credits = Credits(minimum);
    return price;
}

std::optional<Credits> text_cost(std::int64_t micro_credits, std::int64_t characters) {
    return cost_of(price_of(TaskType::text, micro_credits), Units(characters));
}

TEST(Cost, OfTheDefaultPrices) {
    const auto text = price_of(TaskType::text, 100'000);
    EXPECT_EQ(cost_of(text, Units(0)), Credits(1));
    EXPECT_EQ(cost_of(text, Units(1)), Credits(1));
    EXPECT_EQ(cost_of(text, Units(10)), Credits(1));
    EXPECT_EQ(cost_of(text, Units(11)), Credits(2));
    EXPECT_EQ(cost_of(text, Units(120)), Credits(12));
    const auto voice = price_of(TaskType::voice, 500'000);
    EXPECT_EQ(cost_of(voice, Units(1)), Credits(1));
    EXPECT_EQ(cost_of(voice, Units(2'000)), Credits(1));
    EXPECT_EQ(cost_of(voice, Units(2'001)), Credits(2));
    EXPECT_EQ(cost_of(voice, Units(60'000)), Credits(30));
}

TEST(Cost, IsNeverBelowTheMinimum) {
    EXPECT_EQ(cost_of(price_of(TaskType::text, 0, 7), Units(1'000'000)), Credits(7));
    EXPECT_EQ(cost_of(price_of(TaskType::text, micro, 7), Units(7)), Credits(7));
    EXPECT_EQ(cost_of(price_of(TaskType::text, micro, 7), Units(8)), Credits(8));
    EXPECT_EQ(cost_of(price_of(TaskType::text, 1, int_max), Units(1)), Credits(int_max));
}

TEST(Cost, StopsAtTheLimitAndNeverWrapsAround) {
    EXPECT_EQ(text_cost(micro, int_max), Credits(int_max));
    EXPECT_EQ(text_cost(micro, int_max + 1), std::nullopt);
    EXPECT_EQ(text_cost(1, int_max * micro), Credits(int_max));
    EXPECT_EQ(text_cost(1, int_max * micro + 1), std::nullopt);
    EXPECT_EQ(text_cost(int_max * micro, 1), Credits(int_max));
    EXPECT_EQ(text_cost(int_max * micro, 2), std::nullopt);
    EXPECT_EQ(text_cost(int_max * micro, int64_max), std::nullopt);
}

RC_GTEST_PROP(MaxUnits, AreTheMostThatCostNoMore, ()) {
    const auto rate = *rc::gen::inRange<std::int64_t>(1, 100 * micro);
    const auto credits = *rc::gen::inRange<std::int64_t>(1, int_max);
    const auto type = *rc::gen::element(TaskType::text, TaskType::voice);
    const auto price = price_of(type, rate);
    const auto units = max_units(price, Credits(credits));
    RC_ASSERT(units.has_value());
    RC_ASSERT(*cost_of(price, *units) <= Credits(credits));
    const auto more = cost_of(price, Units(units->value() + 1));
    RC_ASSERT(!more || *more > Credits(credits));
}

TEST(MaxUnits, OfADefaultPriceAndOfNone) {
    EXPECT_EQ(max_units(price_of(TaskType::voice, 500'000), Credits(20)), Units(40'000));
    EXPECT_EQ(max_units(price_of(TaskType::text, 100'000), Credits(0)), Units(0));
    EXPECT_EQ(max_units(price_of(TaskType::voice, 0), Credits(20)), std::nullopt);
}

TEST(CostDeathTest, NegativeUnitsAreABrokenPromise) {
    EXPECT_DEATH(text_cost(1, -1), "broken promise");
    EXPECT_DEATH(text_cost(-1, 1), "broken promise");
}

TEST(Cost, AgreesWithPlainArithmeticForEverySmallTask) {
    for (const std::int64_t rate : {1, 3, 99'999, 100'000, 333'333, 500'000, 999'999, 1'000'001})
        for (std::int64_t units = 0; units <= 3'000; ++units) {
            std::int64_t expected = 0;
            while (expected * micro < units * rate) ++expected;
            ASSERT_EQ(text_cost(rate, units)->value(), std::max<std::int64_t>(1, expected))
                << rate << " x " << units;
        }
}

/// A product of up to 128 bits by schoolbook multiplication; shares nothing with the code it
/// judges.
struct Wide {
    std::uint64_t high;
    std::uint64_t low;
    friend auto operator<=>(const Wide&, const Wide&) = default;
};

Wide product(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t half = 0xFFFF'FFFF;
    const auto low = (a & half) * (b & half);
    const auto middle = (a >> 32) * (b & half) + (low >> 32);
    const auto other = (a & half) * (b >> 32) + (middle & half);
    return {(a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32), other << 32 | (low & half)};
}

/// Numbers of every size, not only small ones.
rc::Gen<std::int64_t> any_size_up_to(std::int64_t largest) {
    return rc::gen::map(
        rc::gen::pair(rc::gen::inRange(0, 63), rc::gen::inRange<std::int64_t>(0, int64_max)),
        [largest](const auto& pair) { return (pair.second >> pair.first) % (largest + 1); });
}

RC_GTEST_PROP(Cost, IsTheSmallestWholeNumberThatCoversTheWork, ()) {
    const auto type = *rc::gen::element(TaskType::text, TaskType::voice);
    const auto rate = *any_size_up_to(int_max * micro);
    const auto units = *any_size_up_to(int64_max - 1);
    const std::uint64_t divisor =
        static_cast<std::uint64_t>(type == TaskType::voice ? 1000 * micro : micro);
    const auto owed = product(static_cast<std::uint64_t>(rate), static_cast<std::uint64_t>(units));
    const auto cost = cost_of(price_of(type, rate), Units(units));
    if (!cost) {
        RC_ASSERT(product(int_max, divisor) < owed);
        return;
    }
    const auto credits = static_cast<std::uint64_t>(cost->value());
    RC_ASSERT(product(credits, divisor) >= owed);
    RC_ASSERT(credits == 1 || product(credits - 1, divisor) < owed);
}

RC_GTEST_PROP(Cost, GrowsWithTheWorkAndCuttingItUpSavesNothing, ()) {
    const auto price = price_of(*rc::gen::element(TaskType::text, TaskType::voice),
                                *any_size_up_to(10 * micro), *rc::gen::inRange(1, 50));
    const auto a = *rc::gen::inRange<std::int64_t>(0, 10'000'000);
    const auto b = *rc::gen::inRange<std::int64_t>(0, 10'000'000);
    RC_ASSERT(*cost_of(price, Units(a)) <= *cost_of(price, Units(a + b)));
    RC_ASSERT(*cost_of(price, Units(a + b)) <=
              *cost_of(price, Units(a)) + *cost_of(price, Units(b)));
}

TEST(CachedCost, IsItsPercentageRoundedUp) {
    Price price;
    for (price.cached_percent = 0; price.cached_percent <= 100; ++price.cached_percent)
        for (std::int64_t full = 0; full <= 300; ++full) {
            const auto cached = cached_cost(price, Credits(full)).value();
            ASSERT_GE(cached * 100, full * price.cached_percent);
            ASSERT_LT((cached - 1) * 100, full * price.cached_percent);
        }
    price.cached_percent = 100;
    EXPECT_EQ(cached_cost(price, Credits(int_max)), Credits(int_max));
    price.cached_percent = 50;
    EXPECT_EQ(cached_cost(price, Credits(int_max)), Credits(int_max / 2 + 1));
    EXPECT_EQ(cached_cost(price, Credits(1)), Credits(1));
}

TEST(PriceCheck, AcceptsTheEdgesAndRefusesWhatLiesBeyond) {
    EXPECT_TRUE(checked(price_of(TaskType::text, 0)).ok());
    EXPECT_TRUE(checked(price_of(TaskType::text, int_max * micro)).ok());
    EXPECT_FALSE(checked(price_of(TaskType::text, -1)).ok());
    EXPECT_FALSE(checked(price_of(TaskType::text, int_max * micro + 1)).ok());
    EXPECT_FALSE(checked(price_of(TaskType::text, 1, 0)).ok());
    EXPECT_FALSE(checked(price_of(TaskType::text, 1, -5)).ok());
    EXPECT_TRUE(checked(price_of(TaskType::text, 1, int_max)).ok());
}

TEST(PriceCheck, KeepsTheCachedPriceBetweenNothingAndAll) {
    auto price = price_of(TaskType::voice, 1);
    for (const int percent : {0, 50, 100}) {
        price.cached_percent = percent;
        EXPECT_TRUE(checked(price).ok()) << percent;
    }
    for (const int percent : {-1, 101, std::numeric_limits<int>::max()}) {
        price.cached_percent = percent;
        EXPECT_FALSE(checked(price).ok()) << percent;
    }
}

}  // namespace
}  // namespace mlbilling
