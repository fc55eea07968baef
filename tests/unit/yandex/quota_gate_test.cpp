#include "adapters/yandex/quota_gate.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "base/unavailable.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::yandex {
namespace {

namespace asio = boost::asio;
using testing::Each;
using testing::Ge;

/// Keeps slots as the store does, one quota for all gates.
class FakeQuotas final : public Quotas {
  public:
    explicit FakeQuotas(Clock& clock) : clock_(clock) {}
    std::vector<int> asked;
    bool down = false;

    Async<Duration> reserve(std::string, QuotaRate rate, int count) override {
        asked.push_back(count);
        co_await clock_.sleep(Duration(1));
        if (down) throw Unavailable("the store is down");
        const auto first = std::max(clock_.now(), next_);
        next_ = first + rate.per * count / rate.count;
        co_return first - clock_.now();
    }
    Async<Duration> take_turn(QuotaTurn) override { co_return Duration(0); }
    Async<void> give_back_turn(std::string, std::string) override { co_return; }

  private:
    Clock& clock_;
    Time next_;
};

class QuotaGateTest : public testing::Test {
  protected:
    void pass(QuotaGate& gate, Duration patience = Duration(60'000)) {
        asio::co_spawn(loop, gate.pass(clock.now() + patience),
                       [this](std::exception_ptr error, Duration wait) {
                           if (error)
                               ++errors;
                           else if (wait == Duration(0))
                               passes.push_back((clock.now() - begin).count());
                           else
                               ++refusals;
                       });
    }
    /// The shortest time in which `count` of the calls passed.
    std::int64_t tightest(std::size_t count) {
        std::ranges::sort(passes);
        std::int64_t shortest = 1'000'000;
        for (std::size_t i = 0; i + count <= passes.size(); ++i)
            shortest = std::min(shortest, passes[i + count - 1] - passes[i]);
        return shortest;
    }

    asio::io_context loop;
    test::VirtualClock clock{loop};
    FakeQuotas quotas{clock};
    Time begin = clock.now();
    std::vector<std::int64_t> passes;
    int refusals = 0;
    int errors = 0;
};

TEST_F(QuotaGateTest, CallsGoThroughAtTheRateAndNoFaster) {
    QuotaGate gate(quotas, clock, "q", {40, Duration(1'000)});
    for (int i = 0; i < 100; ++i) pass(gate);
    clock.advance(Duration(10'000));
    EXPECT_EQ(passes.size(), 100U);
    EXPECT_GE(tightest(40), 950);
    EXPECT_LE(passes.back(), 3'000);
}

TEST_F(QuotaGateTest, SeveralProcessesShareOneQuota) {
    QuotaGate first(quotas, clock, "q", {20, Duration(1'000)});
    QuotaGate second(quotas, clock, "q", {20, Duration(1'000)});
    for (int i = 0; i < 40; ++i) {
        pass(first);
        pass(second);
    }
    clock.advance(Duration(10'000));
    EXPECT_EQ(passes.size(), 80U);
    EXPECT_GE(tightest(21), 900);
    EXPECT_LE(passes.back(), 4'500);
}

TEST_F(QuotaGateTest, BlocksAreReservedWhereManyWait) {
    QuotaGate gate(quotas, clock, "q", {40, Duration(1'000)});
    for (int i = 0; i < 60; ++i) pass(gate);
    clock.advance(Duration(10'000));
    EXPECT_LE(quotas.asked.size(), 15U);
    EXPECT_THAT(quotas.asked, testing::Contains(6));
}

TEST_F(QuotaGateTest, ALonelyCallTakesOneSlotOnly) {
    QuotaGate gate(quotas, clock, "q", {40, Duration(1'000)});
    for (int i = 0; i < 10; ++i) {
        pass(gate);
        clock.advance(Duration(1'000));
    }
    EXPECT_EQ(passes.size(), 10U);
    EXPECT_THAT(quotas.asked, Each(1));
}

TEST_F(QuotaGateTest, WithoutALimitNobodyIsAsked) {
    QuotaGate gate(quotas, clock, "q", {0, Duration(1'000)});
    for (int i = 0; i < 100; ++i) pass(gate);
    clock.drain();
    EXPECT_EQ(passes.size(), 100U);
    EXPECT_TRUE(quotas.asked.empty());
}

TEST_F(QuotaGateTest, ALongQueueIsRefusedAndDoesNotUseUpTheQuotaForNothing) {
    // One in 7.2 s: most of a hundred cannot wait so long, again and again.
    QuotaGate gate(quotas, clock, "q", {500, Duration(3'600'000)});
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 100; ++i) pass(gate, Duration(30'000));
        clock.advance(Duration(60'000));
    }
    // In 20 minutes there are 166 slots; while somebody waits, they are used.
    EXPECT_GE(passes.size(), 70U);
    EXPECT_GE(tightest(2), 7'000);
    EXPECT_EQ(passes.size() + static_cast<std::size_t>(refusals), 2'000U);
}

TEST_F(QuotaGateTest, ACallThatIsCutOffLeavesItsSlotToTheNext) {
    QuotaGate gate(quotas, clock, "q", {1, Duration(10'000)});
    pass(gate);
    clock.advance(Duration(100));
    asio::cancellation_signal signal;
    asio::co_spawn(
        loop, gate.pass(clock.now() + Duration(60'000)),
        asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr error, Duration) {
            if (error) ++errors;
        }));
    clock.advance(Duration(100));
    signal.emit(asio::cancellation_type::terminal);
    clock.advance(Duration(100));
    EXPECT_EQ(errors, 1);
    pass(gate);
    clock.advance(Duration(11'000));
    EXPECT_EQ(passes.size(), 2U);
    EXPECT_EQ(quotas.asked.size(), 2U);
}

TEST_F(QuotaGateTest, AStoreThatIsDownIsSaidToAllWhoWait) {
    quotas.down = true;
    QuotaGate gate(quotas, clock, "q", {40, Duration(1'000)});
    for (int i = 0; i < 3; ++i) pass(gate);
    clock.advance(Duration(1'000));
    EXPECT_EQ(errors, 3);
    quotas.down = false;
    pass(gate);
    clock.advance(Duration(1'000));
    EXPECT_EQ(passes.size(), 1U);
}

}  // namespace
}  // namespace mlbilling::yandex
