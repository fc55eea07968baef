#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mlbilling {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) return Problem{"odd"};
    return value / 2;
}

TEST(Result, HoldsAValueOrTheReasonWhyThereIsNone) {
    EXPECT_TRUE(half(4).ok());
    EXPECT_TRUE(static_cast<bool>(half(4)));
    EXPECT_EQ(*half(4), 2);
    EXPECT_FALSE(half(3).ok());
    EXPECT_EQ(half(3).error(), Problem{"odd"});
}

TEST(Result, GivesItsValueAwayWithoutCopying) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
    EXPECT_EQ(**result, 7);
    const std::unique_ptr<int> taken = *std::move(result);
    EXPECT_EQ(*taken, 7);
}

TEST(Result, TellsAValueFromAnErrorOfTheSameType) {
    struct Text {
        std::string value;
    };
    const Result<std::string, Text> good(std::string("x"));
    const Result<std::string, Text> bad(Text{"x"});
    EXPECT_TRUE(good.ok());
    EXPECT_FALSE(bad.ok());
    EXPECT_EQ(good->size(), 1u);
    EXPECT_EQ(bad.error().value, "x");
}

TEST(ResultDeathTest, ReadingWhatIsNotThereIsABrokenPromise) {
    EXPECT_DEATH(half(3).value(), "broken promise");
    EXPECT_DEATH(*half(3), "broken promise");
    EXPECT_DEATH(half(4).error(), "broken promise");
}

}  // namespace
}  // namespace mlbilling
