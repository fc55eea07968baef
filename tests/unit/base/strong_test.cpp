#include "base/strong.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

#include "base/ids.hpp"

namespace mlbilling {
namespace {

TEST(StrongId, NothingConvertsToOrFromItByAccident) {
    static_assert(!std::is_convertible_v<std::int64_t, UserId>);
    static_assert(!std::is_convertible_v<UserId, std::int64_t>);
    static_assert(!std::is_constructible_v<UserId, TelegramId>);
    static_assert(!std::is_constructible_v<TelegramId, UserId>);
    static_assert(!std::is_convertible_v<const char*, TaskId>);
}

TEST(StrongId, ComparesAndHashesAsItsValueDoes) {
    EXPECT_EQ(UserId(1), UserId(1));
    EXPECT_LT(UserId(-1), UserId(1));
    EXPECT_LT(TaskId("1_2"), TaskId("1_3"));
    EXPECT_EQ(UserId().value(), 0);
    const std::unordered_set<TaskId> set{TaskId("a"), TaskId("b"), TaskId("a")};
    EXPECT_EQ(set.size(), 2u);
}

}  // namespace
}  // namespace mlbilling
