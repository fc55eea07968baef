// When a batch waits for company, and when it does not.
#include "adapters/postgres/pace.hpp"

#include <gtest/gtest.h>

namespace mlbilling::postgres {
namespace {

using namespace std::chrono_literals;

class Paced : public testing::Test {
  public:
    /// Operations that come at that distance from one another.
    void arrive(int count, Pace::Span span) {
        for (int i = 0; i < count; ++i) pace.arrived(now += span);
    }

    Pace pace{10ms, 2'500us};
    Pace::Moment now{1h};
};

TEST_F(Paced, AnOperationAloneBeginsAtOnce) {
    arrive(1, 0ms);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now), now);
    arrive(1'000, 20ms);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now + 1ms), now + 1ms);
}

TEST_F(Paced, UnderLoadBatchesKeepTheirDistance) {
    arrive(20, 1ms);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now + 1ms), now + 10ms);
    arrive(15, 1ms);
    EXPECT_EQ(pace.next(now), now) << "the gap is over";
}

TEST_F(Paced, AFewAtOnceAreNoLoad) {
    arrive(100, 20ms);
    arrive(5, 0ms);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now), now);
    arrive(15, 0ms);
    EXPECT_EQ(pace.next(now), now + 10ms);
}

TEST_F(Paced, ARestEndsALoad) {
    arrive(1'000, 100us);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now), now + 10ms);
    arrive(1, 10ms);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now), now);
}

TEST_F(Paced, WhoComesAloneUnderLoadWaitsNoSecondTime) {
    arrive(1'000, 100us);
    pace.begun(now, 4);
    now = pace.next(now);
    pace.begun(now, 1);
    EXPECT_EQ(pace.next(now), now);
}

}  // namespace
}  // namespace mlbilling::postgres
