#include "ports/deadline.hpp"
#include <gtest/gtest.h>
#include <boost/asio/detached.hpp>
#include "ports/broker.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "ports/store/store.hpp"
#include "ports/telegram.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"
#include "support/virtual_clock.hpp"
using namespace mlbilling;
static Async<int> slow(Clock& c, Duration d) {
    co_await c.sleep(d);
    co_return 5;
}
TEST(Within, CutsOff) {
    boost::asio::io_context loop;
    test::VirtualClock clock(loop);
    std::optional<int> a, b;
    bool done = false;
    auto body = [&]() -> Async<void> {
        a = co_await within(clock, Duration(10), slow(clock, Duration(20)));
        b = co_await within(clock, Duration(30), slow(clock, Duration(20)));
        done = true;
    };
    boost::asio::co_spawn(loop, body(), boost::asio::detached);
    clock.advance(Duration(100));
    EXPECT_TRUE(done);
    EXPECT_FALSE(a);
    EXPECT_EQ(b, 5);
}
