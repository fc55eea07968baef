// How long a server that is busy asks us to wait.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "adapters/http_client/retry_after.hpp"

namespace mlbilling {
namespace {

TEST(RetryAfter, IsReadAndBounded) {
    const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 26) +
                   std::chrono::hours(8)};
    const auto pause = [&](std::string text, int status = 429) {
        return pause_asked_for({status, {{"retry-after", std::move(text)}}, ""}, now);
    };
    EXPECT_EQ(pause("7"), Duration(7'000));
    EXPECT_EQ(pause("7", 503), Duration(7'000));
    EXPECT_EQ(pause("7", 500), Duration(0));
    EXPECT_EQ(pause_asked_for({429, {}, ""}, now), Duration(0));
    EXPECT_EQ(pause("Thu, 26 Nov 2026 08:00:30 GMT"), Duration(30'000));
    EXPECT_EQ(pause("Thu, 26 Nov 2026 07:00:00 GMT"), Duration(0));
    for (const auto* long_pause :
         {"301", "99999999999999999999999", "Thu, 26 Nov 9999 08:00:00 GMT"})
        EXPECT_EQ(pause(long_pause), Duration(300'000)) << long_pause;
    for (const auto* nonsense : {"", "-5", "soon", "7 s", "1e3", "Thu, 26 Nov 2026"})
        EXPECT_EQ(pause(nonsense), Duration(0)) << nonsense;
}

}  // namespace
}  // namespace mlbilling
