// What a call may cost us is what the task's hold is worth.
#include "worker/hold_worth.hpp"

#include <limits>

#include "workshop.hpp"

namespace mlbilling::test {
namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

TEST(HoldWorth, IsTheCreditsTimesTheirWorth) {
    EXPECT_EQ(worth_of(Credits(7), MicroRoubles(500'000), 1, 1), MicroRoubles(3'500'000));
    EXPECT_EQ(worth_of(Credits(7), std::nullopt, 1, 1), std::nullopt);
}

TEST(HoldWorth, IsSharedByTheUnitsOfThePart) {
    EXPECT_EQ(worth_of(Credits(10), MicroRoubles(100), 1, 3), MicroRoubles(333));
    EXPECT_EQ(worth_of(Credits(10), MicroRoubles(100), 2, 3), MicroRoubles(666));
    EXPECT_EQ(worth_of(Credits(10), MicroRoubles(100), 4, 3), MicroRoubles(1'000));
    EXPECT_EQ(worth_of(Credits(10), MicroRoubles(100), 0, 3), MicroRoubles(0));
}

TEST(HoldWorth, DoesNotOverflow) {
    EXPECT_EQ(worth_of(Credits(1'000), MicroRoubles(most / 2), 1, 2), MicroRoubles(most));
    EXPECT_GT(worth_of(Credits(4), MicroRoubles(most / 4), 9'999'999, 10'000'000)->value(), 0);
}

class HoldWorthTest : public Workshop {};

TEST_F(HoldWorthTest, GoesWithEachPartOfAText) {
    options.credit_worth = MicroRoubles(1'000'000);
    options.limits.longest_part = 20;
    store.add("1_1", TaskType::text, "Hello, world, here. And here it ends.", Credits(4));
    start();
    ask("1_1");
    advance(60'000);
    ASSERT_EQ(speech.synthesized.size(), 2U);
    EXPECT_EQ(speech.synthesized[0].cost_limit, MicroRoubles(4'000'000LL * 19 / 37));
    EXPECT_EQ(speech.synthesized[1].cost_limit, MicroRoubles(4'000'000LL * 17 / 37));
}

TEST_F(HoldWorthTest, IsThatOfTheMeasuredPriceOfARecording) {
    options.credit_worth = MicroRoubles(1'000'000);
    codec.decoded = DecodedAudio{loud(Duration(10'001)), ""};
    auto& added = store.add("1_1", TaskType::voice, "AwAD", Credits(2));
    added.payload.file_unique_id = "unique";
    start();
    ask("1_1");
    advance(60'000);
    ASSERT_EQ(speech.recognized.size(), 1U);
    EXPECT_EQ(speech.recognized[0].cost_limit, MicroRoubles(6'000'000));
}

TEST_F(HoldWorthTest, NothingBoundsACallWhereACreditHasNoWorth) {
    store.add("1_1", TaskType::text, "Hello", Credits(1));
    start();
    ask("1_1");
    advance(60'000);
    ASSERT_EQ(speech.synthesized.size(), 1U);
    EXPECT_EQ(speech.synthesized[0].cost_limit, std::nullopt);
}

}  // namespace
}  // namespace mlbilling::test
