#include "sandbox/updates.hpp"

#include <gtest/gtest.h>

namespace mlbilling::sandbox {
namespace {

class UpdatesTest : public testing::Test {
  protected:
    void add(std::int64_t chat = 1, Duration life = std::chrono::hours(24)) {
        Update update;
        update.chat = chat;
        update.expires = now + life;
        queue.add(std::move(update));
    }
    std::vector<std::int64_t> fetch(std::int64_t offset, std::size_t limit = 100) {
        std::vector<std::int64_t> ids;
        for (const auto& update : queue.fetch(offset, limit, now)) ids.push_back(update->id);
        return ids;
    }
    using Ids = std::vector<std::int64_t>;

    Time now{Duration(1'800'000'000'000)};
    Updates queue{1000};
};

TEST_F(UpdatesTest, AnUpdateComesUntilAHigherOffsetConfirmsIt) {
    add();
    add();
    EXPECT_EQ(fetch(0), (Ids{1000, 1001}));
    EXPECT_EQ(fetch(1000), (Ids{1000, 1001}));
    EXPECT_EQ(fetch(1001), (Ids{1001}));
    EXPECT_EQ(fetch(0), (Ids{1001}));
    EXPECT_EQ(fetch(1002), Ids{});
    EXPECT_EQ(fetch(0), Ids{});
}

TEST_F(UpdatesTest, TheLimitCutsTheBatchFromTheOldest) {
    for (int i = 0; i < 5; ++i) add();
    EXPECT_EQ(fetch(0, 2), (Ids{1000, 1001}));
    EXPECT_EQ(fetch(1002, 2), (Ids{1002, 1003}));
}

TEST_F(UpdatesTest, ANegativeOffsetKeepsTheNewestAndForgetsTheRest) {
    for (int i = 0; i < 5; ++i) add();
    EXPECT_EQ(fetch(-2), (Ids{1003, 1004}));
    EXPECT_EQ(fetch(0), (Ids{1003, 1004}));
    EXPECT_EQ(fetch(-100), (Ids{1003, 1004}));
}

TEST_F(UpdatesTest, AnOffsetFromAnotherSandboxConfirmsNothing) {
    add();
    EXPECT_EQ(fetch(900'000'000), (Ids{1000}));
    EXPECT_EQ(fetch(5), (Ids{1000}));
    // Just beyond the newest is how everything is confirmed.
    EXPECT_EQ(fetch(1001), Ids{});
}

TEST_F(UpdatesTest, AnUpdateExpires) {
    add(1, std::chrono::seconds(150));
    add(1, std::chrono::hours(24));
    now += std::chrono::seconds(150) - Duration(1);
    EXPECT_EQ(fetch(0).size(), 2U);
    now += Duration(1);
    EXPECT_EQ(fetch(0), (Ids{1001}));
    now += std::chrono::hours(24);
    EXPECT_EQ(queue.pending(now), 0U);
}

TEST_F(UpdatesTest, OnlyAllowedTypesAreQueuedFromThenOn) {
    add();
    queue.allow({"callback_query"});
    add();
    EXPECT_EQ(fetch(0), (Ids{1000}));
    Update pressed;
    pressed.expires = now + std::chrono::seconds(150);
    pressed.content = ButtonUpdate();
    queue.add(pressed);
    EXPECT_EQ(fetch(0), (Ids{1000, 1001}));
    queue.allow({});
    add();
    EXPECT_EQ(fetch(0).size(), 3U);
}

TEST_F(UpdatesTest, ARepeatedUpdateComesOnceMoreUnderItsOldId) {
    add(1);
    add(2);
    EXPECT_EQ(fetch(0), (Ids{1000, 1001}));
    EXPECT_EQ(fetch(1002), Ids{});
    EXPECT_TRUE(queue.repeat(1));
    EXPECT_EQ(fetch(1002), (Ids{1000}));
    EXPECT_EQ(fetch(1002), Ids{});
    EXPECT_FALSE(queue.repeat(3));
}

TEST_F(UpdatesTest, ARepetitionOfAnUnconfirmedUpdateComesAfterItsConfirmation) {
    add(1);
    EXPECT_TRUE(queue.repeat(1));
    EXPECT_EQ(fetch(0), (Ids{1000}));
    EXPECT_EQ(fetch(0), (Ids{1000}));
    EXPECT_EQ(fetch(1001), (Ids{1000}));
    EXPECT_EQ(fetch(1001), Ids{});
}

TEST_F(UpdatesTest, AFullQueueTakesNoMore) {
    for (int i = 0; i < 100'001; ++i) add();
    EXPECT_EQ(queue.pending(now), 100'000U);
}

}  // namespace
}  // namespace mlbilling::sandbox
