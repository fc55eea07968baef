#include "ports/deadline.hpp"

#include "waiting_test.hpp"

namespace mlbilling::test {
namespace {

class Within : public WaitingTest {};

TEST_F(Within, WhatIsDoneInTimeIsReturned) {
    const auto run = start(within(clock, Duration(30), slow(Duration(20))));
    clock.advance(Duration(20));
    EXPECT_EQ(run->ended, "5");
}

TEST_F(Within, WhatIsNotDoneInTimeIsCutOffAndHasEnded) {
    const auto run = start(within(clock, Duration(10), slow(Duration(20))));
    clock.advance(Duration(9));
    EXPECT_EQ(run->ended, "");
    clock.advance(Duration(1));
    EXPECT_EQ(run->ended, "cut off");
    EXPECT_EQ(ended_works, 1);
}

TEST_F(Within, AnExceptionPassesThrough) {
    const auto run = start(within(clock, Duration(30), failing(Duration(20))));
    clock.advance(Duration(20));
    EXPECT_EQ(run->ended, "broken");
}

TEST_F(Within, WhatCannotBeCutOffIsWaitedForAndComesTooLate) {
    const auto run = start(within(clock, Duration(10), stubborn(Duration(20))));
    clock.advance(Duration(10));
    EXPECT_EQ(run->ended, "");
    clock.advance(Duration(10));
    EXPECT_EQ(run->ended, "cut off");
}

TEST_F(Within, CancellingTheCallerCancelsTheWork) {
    const auto run = start(within(clock, Duration(10), slow(Duration(20))));
    cancel(*run);
    EXPECT_EQ(run->ended, "cancelled");
    EXPECT_EQ(ended_works, 1);
    clock.advance(Duration(100));
}

TEST_F(Within, TheAlarmOfWhatIsDoneNeverRings) {
    const auto run = start(within(clock, Duration(10), slow(Duration(5))));
    clock.advance(Duration(5));
    EXPECT_EQ(run->ended, "5");
    EXPECT_FALSE(clock.step(clock.now() + Duration(1'000)));
}

}  // namespace
}  // namespace mlbilling::test
