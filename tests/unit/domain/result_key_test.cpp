#include "domain/result_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mlbilling {
namespace {

bool is_key(std::string text) { return is_result_key(ResultKey(std::move(text))); }

TEST(ResultKeys, ArePathsOfPlainNames) {
    EXPECT_TRUE(is_key("-1_2/1/0.ogg"));
    EXPECT_TRUE(is_key("a/b/c/d/e/f/g/h"));
    EXPECT_TRUE(is_key(std::string(200, 'a')));
}

TEST(ResultKeys, NeverLeadOutOfTheirPlace) {
    for (const auto* text : {"", "/", "..", "../a", "a/../b", "/etc/passwd", "a//b", "a/", "./a",
                             ".hidden", "a b", "a%2fb", "a\\b"})
        EXPECT_FALSE(is_key(text)) << text;
    EXPECT_FALSE(is_key(std::string("1_2/1/0\0.ogg", 12)));
}

TEST(ResultKeys, AreBounded) {
    EXPECT_FALSE(is_key(std::string(201, 'a')));
    EXPECT_FALSE(is_key("a/b/c/d/e/f/g/h/i"));
}

TEST(ResultKeys, OfVoicesShareTheHourInWhichTheAttemptBegan) {
    using namespace std::chrono_literals;
    const Time midnight = std::chrono::sys_days(std::chrono::January / 9 / 2026);
    const auto key = [](Time begun, std::int64_t epoch, std::size_t part) {
        return key_of_voice(TaskId("-100123_45"), Epoch(epoch), begun, part);
    };
    EXPECT_EQ(key(midnight, 1, 0).value(), "2026-01-09-00/-100123_45-1-0.ogg");
    EXPECT_EQ(key(midnight - 1ms, 2, 11).value(), "2026-01-08-23/-100123_45-2-11.ogg");
    EXPECT_TRUE(is_result_key(key(midnight, 1, 0)));
}

}  // namespace
}  // namespace mlbilling
