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

}  // namespace
}  // namespace mlbilling
