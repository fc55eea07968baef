#include "adapters/postgres/failure.hpp"

#include <gtest/gtest.h>

namespace mlbilling::postgres {
namespace {

TEST(RemedyFor, RepeatsWhatLostARace) {
    for (const auto* state : {"40001", "40P01", "23505"})
        EXPECT_EQ(remedy_for(state), Remedy::retry) << state;
}

TEST(RemedyFor, LooksForAnotherServerWhenThisOneStopsOrCannotWrite) {
    for (const auto* state : {"57P01", "57P02", "57P03", "25006"})
        EXPECT_EQ(remedy_for(state), Remedy::reconnect) << state;
}

TEST(RemedyFor, WaitsForWhatPasses) {
    // Connection exception, too many connections, timeout, lock timeout, disk full, wrong password.
    for (const auto* state : {"08006", "53300", "57014", "55P03", "53100", "28P01"})
        EXPECT_EQ(remedy_for(state), Remedy::wait) << state;
}

TEST(RemedyFor, BlamesUsForWrongStatementsAndBrokenConstraints) {
    for (const auto* state : {"42601", "42P01", "23514", "23502", "22003", "P0001", "23001"})
        EXPECT_EQ(remedy_for(state), Remedy::none) << state;
}

}  // namespace
}  // namespace mlbilling::postgres
