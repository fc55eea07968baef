#include "ports/until.hpp"

#include "waiting_test.hpp"

namespace mlbilling::test {
namespace {

class Until : public WaitingTest {
  protected:
    Event stop;
};

TEST_F(Until, WhatIsDoneFirstIsReturned) {
    const auto run = start(until(stop, slow(Duration(20))));
    clock.advance(Duration(20));
    EXPECT_EQ(run->ended, "5");
    stop.set();
    clock.drain();
}

TEST_F(Until, TheEventCutsTheWorkOffAndItHasEnded) {
    const auto run = start(until(stop, slow(Duration(20))));
    stop.set();
    EXPECT_EQ(run->ended, "") << "waiters wake through the loop";
    clock.drain();
    EXPECT_EQ(run->ended, "cut off");
    EXPECT_EQ(ended_works, 1);
}

TEST_F(Until, AnEventThatIsSetAlreadyCutsTheWorkOffAtOnce) {
    stop.set();
    EXPECT_EQ(start(until(stop, slow(Duration(20))))->ended, "cut off");
}

TEST_F(Until, WhatIsMadeAllTheSameIsKept) {
    const auto run = start(until(stop, stubborn(Duration(20))));
    stop.set();
    clock.drain();
    EXPECT_EQ(run->ended, "");
    clock.advance(Duration(20));
    EXPECT_EQ(run->ended, "5");
}

TEST_F(Until, AnExceptionPassesThrough) {
    const auto run = start(until(stop, failing(Duration(20))));
    clock.advance(Duration(20));
    EXPECT_EQ(run->ended, "broken");
}

TEST_F(Until, CancellingTheCallerCancelsTheWork) {
    const auto run = start(until(stop, slow(Duration(20))));
    cancel(*run);
    EXPECT_EQ(run->ended, "cancelled");
    EXPECT_EQ(ended_works, 1);
}

TEST_F(Until, OneEventEndsAllThatWaitForIt) {
    const auto first = start(until(stop, slow(Duration(20))));
    const auto second = start(until(stop, slow(Duration(30))));
    stop.set();
    clock.drain();
    EXPECT_EQ(first->ended, "cut off");
    EXPECT_EQ(second->ended, "cut off");
}

}  // namespace
}  // namespace mlbilling::test
