// A provider's latency as loads are measured with: the script that sends the work knows it, too.
#include "standin/latency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "standin/bytes.hpp"

namespace mlbilling::standin {
namespace {

constexpr Latency usual{Duration(300), Duration(0), 0.5};

std::vector<Duration> drawn(int count) {
    std::vector<Duration> latencies;
    for (int i = 0; i < count; ++i)
        latencies.push_back(lognormal(usual, hex(hash_of("text " + std::to_string(i)))));
    std::ranges::sort(latencies);
    return latencies;
}

TEST(Lognormal, HasItsMedianAndItsSpread) {
    const auto latencies = drawn(10'000);
    EXPECT_NEAR(static_cast<double>(latencies[5'000].count()), 300, 10);
    // One deviation of the logarithm to either side of the median.
    EXPECT_NEAR(static_cast<double>(latencies[1'587].count()), 182, 8);
    EXPECT_NEAR(static_cast<double>(latencies[8'413].count()), 495, 15);
}

TEST(Lognormal, IsTheSameForTheSameWork) {
    EXPECT_EQ(drawn(50), drawn(50));
    EXPECT_NE(lognormal(usual, "one"), lognormal(usual, "another"));
}

}  // namespace
}  // namespace mlbilling::standin
