#include "cascade/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include "support/seeded_random.hpp"

namespace mlbilling::test {
namespace {

using namespace std::chrono_literals;

class Breaker : public testing::Test {
  protected:
    void fail_once() {
        auto pass = breaker.ask(now);
        ASSERT_TRUE(pass);
        pass->failed(now, random);
    }
    void open() {
        for (int i = 0; i < 3; ++i) fail_once();
        ASSERT_TRUE(breaker.is_open());
    }
    /// How long until a call is let through; that call is dropped.
    Duration rest() {
        Duration waited{};
        while (!breaker.ask(now + waited)) waited += 10ms;
        return waited;
    }

    SeededRandom random{4};
    Time now{Duration(1'000'000)};
    CircuitBreaker breaker{{.failures = 3, .rest = 10s, .longest_rest = 60s}};
};

TEST_F(Breaker, OpensAfterFailuresInARow) {
    fail_once();
    fail_once();
    breaker.ask(now)->succeeded();
    fail_once();
    fail_once();
    EXPECT_FALSE(breaker.is_open());
    auto last = breaker.ask(now);
    EXPECT_TRUE(last->failed(now, random));
    EXPECT_FALSE(breaker.ask(now));
}

TEST_F(Breaker, RestsBetweenHalfAndAllOfItsTime) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CircuitBreaker one({.failures = 1, .rest = 10s, .longest_rest = 60s});
        SeededRandom chance(seed);
        one.ask(now)->failed(now, chance);
        EXPECT_FALSE(one.ask(now + 5s - 1ms)) << seed;
        EXPECT_TRUE(one.ask(now + 10s)) << seed;
    }
}

TEST_F(Breaker, LetsOneProbeThroughAtATime) {
    open();
    now += 10s;
    auto probe = breaker.ask(now);
    ASSERT_TRUE(probe);
    EXPECT_FALSE(breaker.ask(now));
    probe->succeeded();
    EXPECT_FALSE(breaker.is_open());
    EXPECT_TRUE(breaker.ask(now));
    EXPECT_TRUE(breaker.ask(now));
}

TEST_F(Breaker, ADroppedProbeLeavesRoomForAnother) {
    open();
    now += 10s;
    {
        const auto dropped = breaker.ask(now);
    }
    EXPECT_TRUE(breaker.is_open());
    EXPECT_TRUE(breaker.ask(now));
}

TEST_F(Breaker, RestsTwiceAsLongAfterAFailedProbeUpToALimit) {
    open();
    Duration least = 5s;
    for (int round = 0; round < 6; ++round) {
        const auto span = rest();
        EXPECT_GE(span, least);
        EXPECT_LE(span, 2 * least);
        now += span;
        fail_once();
        least = std::min<Duration>(2 * least, 30s);
    }
}

TEST_F(Breaker, WhatBeganBeforeItOpenedDoesNotProlongTheRest) {
    auto early = breaker.ask(now);
    open();
    const auto span = rest();
    EXPECT_FALSE(early->failed(now + 4s, random));
    EXPECT_EQ(rest(), span);
}

TEST_F(Breaker, ALateSuccessClosesIt) {
    auto early = breaker.ask(now);
    open();
    early->succeeded();
    EXPECT_FALSE(breaker.is_open());
}

}  // namespace
}  // namespace mlbilling::test
