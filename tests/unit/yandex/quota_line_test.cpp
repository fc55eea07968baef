#include "adapters/yandex/quota_line.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <optional>

#include "support/virtual_clock.hpp"

namespace mlbilling::yandex {
namespace {

/// Answers from a script, then lets everybody through.
class ScriptedQuotas final : public Quotas {
  public:
    std::deque<Duration> turns;
    std::vector<QuotaTurn> taken;
    std::vector<std::string> given_back;

    Async<Duration> reserve(std::string, QuotaRate, int) override { co_return Duration(0); }
    Async<Duration> take_turn(QuotaTurn turn) override {
        taken.push_back(std::move(turn));
        if (turns.empty()) co_return Duration(0);
        const auto wait = turns.front();
        turns.pop_front();
        co_return wait;
    }
    Async<void> give_back_turn(std::string, std::string holder) override {
        given_back.push_back(std::move(holder));
        co_return;
    }
};

class QuotaLineTest : public testing::Test {
  protected:
    std::optional<Duration> pass(QuotaLine& asked, Duration patience = Duration(60'000)) {
        std::optional<Duration> answer;
        boost::asio::co_spawn(loop, asked.pass({"1_1", true}, clock.now() + patience),
                              [&](std::exception_ptr, Duration wait) { answer = wait; });
        clock.advance(Duration(10'000));
        return answer;
    }

    boost::asio::io_context loop;
    test::VirtualClock clock{loop};
    ScriptedQuotas quotas;
    QuotaLine line{quotas, clock, "recordings", {500, Duration(3'600'000)}};
};

TEST_F(QuotaLineTest, WhoseTurnItIsGoes) {
    EXPECT_EQ(pass(line), Duration(0));
    ASSERT_EQ(quotas.taken.size(), 1U);
    EXPECT_EQ(quotas.taken[0].quota, "recordings");
    EXPECT_EQ(quotas.taken[0].holder, "1_1");
    // What is sent an hour later may be faster on its way.
    EXPECT_EQ(quotas.taken[0].rate.per, Duration(3'607'200));
}

TEST_F(QuotaLineTest, WhoHasToWaitForLongIsToldHowLong) {
    quotas.turns = {Duration(1'200'000)};
    EXPECT_EQ(pass(line), Duration(1'200'000));
}

TEST_F(QuotaLineTest, AShortWaitIsSpentHereIfThereIsTime) {
    quotas.turns = {Duration(2'000), Duration(500)};
    EXPECT_EQ(pass(line), Duration(0));
    EXPECT_EQ(quotas.taken.size(), 3U);
    quotas.turns = {Duration(2'000)};
    EXPECT_EQ(pass(line, Duration(1'000)), Duration(2'000));
}

TEST_F(QuotaLineTest, WithoutALimitNobodyIsAsked) {
    QuotaLine unlimited{quotas, clock, "recordings", {0, Duration(3'600'000)}};
    EXPECT_EQ(pass(unlimited), Duration(0));
    EXPECT_TRUE(quotas.taken.empty());
}

}  // namespace
}  // namespace mlbilling::yandex
