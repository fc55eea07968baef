#include "ports/event.hpp"

#include "waiting_test.hpp"

namespace mlbilling::test {
namespace {

class EventTest : public WaitingTest {
  protected:
    Async<std::optional<int>> wait_within(Duration span) {
        co_return (co_await event.wait_within(clock, span)) ? 1 : 0;
    }

    Event event;
};

TEST_F(EventTest, AWaitEndsWithTheEvent) {
    const auto run = start(wait_within(Duration(10)));
    clock.advance(Duration(9));
    event.set();
    EXPECT_EQ(run->ended, "");
    clock.drain();
    EXPECT_EQ(run->ended, "1");
}

TEST_F(EventTest, AWaitEndsWithItsSpan) {
    const auto run = start(wait_within(Duration(10)));
    clock.advance(Duration(10));
    EXPECT_EQ(run->ended, "0");
}

TEST_F(EventTest, NobodyWaitsForWhatIsSet) {
    event.set();
    EXPECT_EQ(start(wait_within(Duration(10)))->ended, "1");
    event.reset();
    EXPECT_EQ(start(wait_within(Duration(10)))->ended, "");
}

TEST_F(EventTest, AWaitCanBeCancelled) {
    const auto run = start(wait_within(Duration(10)));
    cancel(*run);
    EXPECT_EQ(run->ended, "cancelled");
    event.set();
    clock.advance(Duration(100));
}

TEST_F(EventTest, ACallComesThroughTheLoop) {
    int calls = 0;
    const Event::Call call(event, loop.get_executor(), [&] { ++calls; });
    event.set();
    EXPECT_EQ(calls, 0);
    clock.drain();
    EXPECT_EQ(calls, 1);
}

TEST_F(EventTest, ACallForWhatIsSetComesSoon) {
    event.set();
    int calls = 0;
    const Event::Call call(event, loop.get_executor(), [&] { ++calls; });
    EXPECT_EQ(calls, 0);
    clock.drain();
    EXPECT_EQ(calls, 1);
}

TEST_F(EventTest, ACallThatHasGoneNeverComes) {
    int calls = 0;
    auto call = std::make_unique<Event::Call>(event, loop.get_executor(), [&] { ++calls; });
    event.set();
    call.reset();
    clock.drain();
    EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace mlbilling::test
