#include "adapters/system_clock/system_clock.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <limits>
#include <set>

#include "adapters/system_clock/system_random.hpp"
#include "support/run.hpp"

namespace mlbilling {
namespace {

TEST(SystemClock, ASleepLastsAtLeastItsSpan) {
    boost::asio::io_context loop;
    SystemClock clock(loop.get_executor());
    const auto before = std::chrono::steady_clock::now();
    test::run(loop, clock.sleep(Duration(20)));
    EXPECT_GE(std::chrono::steady_clock::now() - before, Duration(20));
    test::run(loop, clock.sleep(Duration(-5)));
}

TEST(SystemClock, TellsTheTimeOfTheMachine) {
    boost::asio::io_context loop;
    const SystemClock clock(loop.get_executor());
    const auto before = std::chrono::system_clock::now();
    const auto now = clock.now();
    EXPECT_LE(before - Duration(1), now);
    EXPECT_LE(now, std::chrono::system_clock::now());
}

TEST(SystemClock, AnEndlessSleepNeitherEndsAtOnceNorOutlivesItsCancellation) {
    boost::asio::io_context loop;
    SystemClock clock(loop.get_executor());
    boost::asio::cancellation_signal signal;
    bool ended = false;
    std::exception_ptr thrown;
    boost::asio::co_spawn(
        loop, clock.sleep(Duration::max()),
        boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
            ended = true;
            thrown = error;
        }));
    loop.poll();
    EXPECT_FALSE(ended);
    signal.emit(boost::asio::cancellation_type::terminal);
    loop.run();
    EXPECT_TRUE(ended);
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST(SystemClock, AnAlarmRingsOnceAfterItsSpan) {
    boost::asio::io_context loop;
    SystemClock clock(loop.get_executor());
    int rings = 0;
    const auto before = std::chrono::steady_clock::now();
    const auto alarm = clock.ring_after(Duration(20), [&] { ++rings; });
    const auto at_once = clock.ring_after(Duration(-5), [&] { ++rings; });
    EXPECT_EQ(rings, 0);
    loop.run();
    EXPECT_EQ(rings, 2);
    EXPECT_GE(std::chrono::steady_clock::now() - before, Duration(20));
}

TEST(SystemClock, AnAlarmThatHasGoneNeverRingsEvenIfItsSpanIsOver) {
    boost::asio::io_context loop;
    SystemClock clock(loop.get_executor());
    int rings = 0;
    auto second = clock.ring_after(Duration::max(), [&] { rings += 10; });
    std::unique_ptr<Alarm> third;
    const auto first = clock.ring_after(Duration(0), [&] {
        ++rings;
        second.reset();
        third.reset();
    });
    third = clock.ring_after(Duration(0), [&] { rings += 100; });
    loop.run();
    EXPECT_EQ(rings, 1);
}

TEST(SystemRandom, DoesNotRepeatItself) {
    SystemRandom random;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 1'000; ++i) seen.insert(random.next());
    EXPECT_EQ(seen.size(), 1'000u);
}

}  // namespace
}  // namespace mlbilling
