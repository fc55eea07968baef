#include "upkeep/sweeper.hpp"

#include <gmock/gmock.h>

#include <set>

#include "base/log_lines.hpp"

#include "support/silent_metrics.hpp"
#include "upkeep_world.hpp"

namespace mlbilling::test {
namespace {

using testing::SizeIs;

class CountingResults final : public ResultStore {
  public:
    explicit CountingResults(Clock& clock) : clock_(clock) {}

    std::vector<Time> removed_before;
    bool down = false;
    Duration takes{};

    Async<void> put(ResultKey, std::string) override { co_return; }
    Async<std::unique_ptr<ByteSource>> open(ResultKey) override { co_return nullptr; }
    Async<std::optional<std::size_t>> size_of(ResultKey) override { co_return std::nullopt; }
    Async<void> remove(ResultKey) override { co_return; }
    Async<int> remove_older_than(Time moment) override {
        removed_before.push_back(moment);
        if (down) throw Unavailable("the disk is gone");
        if (takes > Duration(0)) co_await clock_.sleep(takes);
        co_return 3;
    }

  private:
    Clock& clock_;
};

/// Counts sweeps that mended something; the rest is not the sweeper's.
class SweepMetrics final : public SilentMetrics {
  public:
    int mended = 0;

    void swept(const SweepReport& report) override { mended += report.leases_expired; }
};

class SweeperTest : public UpkeepTest {
  protected:
    ~SweeperTest() override {
        sweeper.stop();
        advance(60'000);
    }

    CountingResults results{clock};
    SweepMetrics metrics;
    Sweeper sweeper{store, results, clock, random, metrics};
};

TEST_F(SweeperTest, WhatNobodyForesawEndsOneSweepAndNotTheSweeper) {
    store.odd_failures = 2;
    spawn(sweeper.run());
    advance(60'000);
    EXPECT_FALSE(ended);
    EXPECT_FALSE(store.sweeps.empty());
}

TEST_F(SweeperTest, TheFirstSweepIsAtTheStart) {
    spawn(sweeper.run());
    advance(10);
    EXPECT_THAT(store.sweeps, SizeIs(1));
}

TEST_F(SweeperTest, SweepsAreSpreadAroundTheInterval) {
    spawn(sweeper.run());
    advance(500'000);
    EXPECT_GT(store.sweeps.size(), 80U);
    EXPECT_LT(store.sweeps.size(), 125U);
    std::set<std::int64_t> gaps;
    for (std::size_t i = 1; i < store.sweeps.size(); ++i) {
        const auto gap = (store.sweeps[i] - store.sweeps[i - 1]).count();
        EXPECT_GE(gap, 2'500);
        EXPECT_LE(gap, 7'510);
        gaps.insert(gap);
    }
    EXPECT_GT(gaps.size(), 40U);
}

TEST_F(SweeperTest, AFullBatchIsFollowedByAnotherAtOnce) {
    SweepReport full;
    full.leases_expired = 500;
    SweepReport rest;
    rest.leases_expired = 7;
    store.reports = {full, full, rest};
    spawn(sweeper.run());
    advance(100);
    EXPECT_THAT(store.sweeps, SizeIs(3));
    EXPECT_EQ(metrics.mended, 1007);
}

TEST_F(SweeperTest, OldResultsAreRemovedEveryHourAndOutliveTheCache) {
    spawn(sweeper.run());
    advance(10);
    ASSERT_THAT(results.removed_before, SizeIs(1));
    EXPECT_LT(results.removed_before[0], clock.now() - SweepPolicy{}.keep_cache);
    advance(10 * 3'600'000);
    EXPECT_GT(results.removed_before.size(), 7U);
    EXPECT_LT(results.removed_before.size(), 15U);
}

TEST_F(SweeperTest, ADiskThatIsDownDoesNotStopTheSweeps) {
    results.down = true;
    spawn(sweeper.run());
    advance(60'000);
    EXPECT_GT(store.sweeps.size(), 8U);
    EXPECT_THAT(results.removed_before, SizeIs(1));
}

TEST_F(SweeperTest, AResultStoreWithMuchToRemoveHoldsUpNothing) {
    results.takes = Duration(100'000'000);
    spawn(sweeper.run());
    advance(60'000);
    EXPECT_GT(store.sweeps.size(), 8U);
    sweeper.stop();
    advance(5);
    EXPECT_TRUE(ended);
}

TEST_F(SweeperTest, AnOutageOfTheStoreIsSurvived) {
    store.outages = 3;
    spawn(sweeper.run());
    advance(60'000);
    EXPECT_FALSE(ended);
    EXPECT_GT(store.sweeps.size(), 3U);
}

TEST_F(SweeperTest, AnOutageIsToldOnce) {
    results.down = true;
    store.outages = 1'000;
    const auto warnings = [] { return log::lines(log::Level::warning); };
    const auto before = warnings();
    spawn(sweeper.run());
    advance(100'000'000);
    EXPECT_GT(results.removed_before.size(), 1U);
    EXPECT_EQ(warnings() - before, 2U);
}

TEST_F(SweeperTest, StopEndsItAtOnce) {
    spawn(sweeper.run());
    advance(1'000);
    sweeper.stop();
    advance(5);
    EXPECT_TRUE(ended);
    EXPECT_FALSE(error);
}

}  // namespace
}  // namespace mlbilling::test
