#include "ports/memory_budget.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "ports/deadline.hpp"
#include "support/run.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
using Share = MemoryBudget::Share;

class MemoryBudgetTest : public testing::Test {
  protected:
    /// Asks for bytes and notes the share under the name once there is one.
    void ask(const std::string& name, std::size_t bytes, asio::cancellation_slot slot = {}) {
        asio::co_spawn(
            loop, budget.reserve(bytes),
            asio::bind_cancellation_slot(slot, [this, name](std::exception_ptr error, Share share) {
                if (!error) granted[name] = std::move(share);
            }));
        settle();
    }
    void settle() {
        loop.restart();
        loop.poll();
    }
    bool has(const std::string& name) {
        settle();
        return granted.contains(name);
    }

    asio::io_context loop;
    MemoryBudget budget{100};
    std::map<std::string, Share> granted;
};

TEST_F(MemoryBudgetTest, WhatFitsIsReservedAtOnceAndWhatDoesNotWaitsForRoom) {
    ask("first", 60);
    ask("second", 60);
    EXPECT_TRUE(has("first"));
    EXPECT_FALSE(has("second"));
    granted.erase("first");
    EXPECT_TRUE(has("second"));
    EXPECT_EQ(budget.free(), 40U);
}

TEST_F(MemoryBudgetTest, WhoAsksForLittleDoesNotOvertakeWhoAskedBefore) {
    ask("first", 60);
    ask("large", 90);
    ask("small", 10);
    EXPECT_FALSE(has("small"));
    granted.erase("first");
    EXPECT_TRUE(has("large"));
    EXPECT_TRUE(has("small"));
}

TEST_F(MemoryBudgetTest, WhatIsNotNeededAnyMoreGoesToWhoWaits) {
    ask("first", 100);
    ask("second", 70);
    granted.at("first").shrink_to(40);
    EXPECT_FALSE(has("second"));
    granted.at("first").shrink_to(50);
    EXPECT_EQ(budget.free(), 60U);
    granted.at("first").shrink_to(30);
    EXPECT_TRUE(has("second"));
}

TEST_F(MemoryBudgetTest, WhoIsCutOffLeavesTheLineAndTakesNothing) {
    asio::cancellation_signal cancel;
    ask("first", 60);
    ask("cut off", 90, cancel.slot());
    ask("last", 40);
    EXPECT_FALSE(has("last"));
    cancel.emit(asio::cancellation_type::terminal);
    EXPECT_TRUE(has("last"));
    granted.clear();
    EXPECT_EQ(budget.free(), 100U);
}

TEST_F(MemoryBudgetTest, AShareThatComesWithTheCuttingOffGoesBack) {
    asio::cancellation_signal cancel;
    ask("first", 60);
    ask("cut off", 90, cancel.slot());
    // Both before the loop turns.
    granted.clear();
    cancel.emit(asio::cancellation_type::terminal);
    settle();
    granted.clear();
    EXPECT_EQ(budget.free(), 100U);
}

TEST_F(MemoryBudgetTest, WhoHasWaitedTooLongGetsNothing) {
    VirtualClock clock(loop);
    ask("first", 60);
    std::optional<Share> late;
    asio::co_spawn(
        loop, within(clock, Duration(10), budget.reserve(90)),
        [&](std::exception_ptr, std::optional<Share> share) { late = std::move(share); });
    clock.advance(Duration(11));
    EXPECT_FALSE(late);
    EXPECT_TRUE(run(loop, budget.reserve(40)));
}

TEST_F(MemoryBudgetTest, AnotherThreadMayGiveBack) {
    ask("first", 60);
    ask("second", 60);
    std::thread([share = std::move(granted.at("first"))]() mutable { share = Share(); }).join();
    EXPECT_TRUE(has("second"));
}

TEST_F(MemoryBudgetTest, ASharePassedOnIsGivenBackOnce) {
    ask("first", 60);
    Share other = std::move(granted.at("first"));
    granted.clear();
    EXPECT_EQ(budget.free(), 40U);
    other = Share();
    EXPECT_EQ(budget.free(), 100U);
}

TEST_F(MemoryBudgetTest, AShareOutlivesItsBudget) {
    Share share;
    {
        MemoryBudget short_lived(10);
        share = run(loop, short_lived.reserve(10));
    }
    share.shrink_to(1);
}

TEST_F(MemoryBudgetTest, MoreThanThereIsIsABrokenPromise) {
    EXPECT_DEATH(run(loop, budget.reserve(101)), "bytes <= state->total");
}

}  // namespace
}  // namespace mlbilling::test
