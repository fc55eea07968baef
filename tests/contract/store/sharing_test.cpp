// What the processes of one installation share: who polls, and what the providers allow.
#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

const BotId bot(424242);
const BotId other_bot(535353);
constexpr Duration lease_of_a_poller{6'000};

TEST_P(StoreContract, OnlyOneProcessHoldsThePollLease) {
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
    EXPECT_FALSE(run(store().hold_poll_lease(bot, "two", lease_of_a_poller)));
    EXPECT_TRUE(run(store().hold_poll_lease(other_bot, "two", lease_of_a_poller)));
}

TEST_P(StoreContract, ThePollLeaseIsMadeLongerByItsHolder) {
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
    clock().advance(Duration(5'000));
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
    clock().advance(Duration(5'000));
    EXPECT_FALSE(run(store().hold_poll_lease(bot, "two", lease_of_a_poller)));
}

TEST_P(StoreContract, APollLeaseThatRanOutIsAnybodys) {
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
    clock().advance(lease_of_a_poller);
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "two", lease_of_a_poller)));
    EXPECT_FALSE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
}

TEST_P(StoreContract, OnlyItsHolderReleasesThePollLease) {
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "one", lease_of_a_poller)));
    run(store().release_poll_lease(bot, "two"));
    EXPECT_FALSE(run(store().hold_poll_lease(bot, "two", lease_of_a_poller)));
    run(store().release_poll_lease(bot, "one"));
    EXPECT_TRUE(run(store().hold_poll_lease(bot, "two", lease_of_a_poller)));
}

TEST_P(StoreContract, AFreeQuotaIsUsedAtOnce) {
    EXPECT_EQ(run(store().reserve("tts", {20, Duration(1'000)}, 1)), Duration(0));
    EXPECT_EQ(run(store().reserve("stt", {20, Duration(1'000)}, 1)), Duration(0));
}

TEST_P(StoreContract, SlotsOfAQuotaFollowEachOtherEvenly) {
    const QuotaRate rate{20, Duration(1'000)};
    run(store().reserve("tts", rate, 4));
    EXPECT_EQ(run(store().reserve("tts", rate, 1)), Duration(200));
    EXPECT_EQ(run(store().reserve("tts", rate, 1)), Duration(250));
}

TEST_P(StoreContract, SlotsThatNobodyTookAreNotSaved) {
    const QuotaRate rate{500, Duration(3'600'000)};
    run(store().reserve("submissions", rate, 1));
    clock().advance(Duration(3'600'000));
    run(store().reserve("submissions", rate, 1));
    EXPECT_EQ(run(store().reserve("submissions", rate, 1)), Duration(7'200));
}

TEST_P(StoreContract, SlotsMayBeShorterThanAMillisecond) {
    const QuotaRate rate{4'000, Duration(1'000)};
    run(store().reserve("calls", rate, 10));
    EXPECT_EQ(run(store().reserve("calls", rate, 2)), Duration(3));
    EXPECT_EQ(run(store().reserve("calls", rate, 2)), Duration(3));
}

constexpr Duration hour{3'600'000};

TEST_P(StoreContract, AllOfAQuotaMayBeUsedAtOnceAndThenNothingForItsTime) {
    for (const char* holder : {"1", "2", "3"}) EXPECT_EQ(take_turn(holder), Duration(0));
    EXPECT_EQ(take_turn("4"), hour);
    EXPECT_EQ(run(store().take_turn({"others", "4", {3, hour}})), Duration(0));
    clock().advance(hour - Duration(1));
    EXPECT_EQ(take_turn("4"), Duration(1));
    clock().advance(Duration(1));
    EXPECT_EQ(take_turn("4"), Duration(0));
}

TEST_P(StoreContract, OfSixHundredInAnHourFiveHundredMayGo) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(take_turn(std::to_string(i), 500), Duration(0));
    clock().advance(Duration(600'000));
    for (int i = 100; i < 500; ++i) EXPECT_EQ(take_turn(std::to_string(i), 500), Duration(0));
    const auto first = take_turn(std::to_string(500), 500);
    EXPECT_EQ(first, hour - Duration(600'000));
    for (int i = 501; i < 700; ++i) EXPECT_GE(take_turn(std::to_string(i), 500), first);
    EXPECT_EQ(take_turn(std::to_string(700), 500), hour);
    clock().advance(first);
    for (int i = 599; i >= 500; --i) EXPECT_EQ(take_turn(std::to_string(i), 500), Duration(0)) << i;
    EXPECT_EQ(take_turn(std::to_string(600), 500), Duration(600'000));
}

TEST_P(StoreContract, WhoWaitedInLineGoesBeforeNewcomers) {
    for (const char* holder : {"1", "2", "3"}) take_turn(holder);
    take_turn("4");
    take_turn("5");
    clock().advance(hour);
    EXPECT_EQ(take_turn("6"), Duration(0));
    EXPECT_EQ(take_turn("7"), hour);
    EXPECT_EQ(take_turn("5"), Duration(0));
    EXPECT_EQ(take_turn("4"), Duration(0));
}

TEST_P(StoreContract, WhoComesLateToItsTurnUsesItLate) {
    for (const char* holder : {"1", "2", "3"}) take_turn(holder);
    for (const char* holder : {"4", "5", "6", "7"}) take_turn(holder);
    clock().advance(hour + Duration(5'000));
    for (const char* holder : {"4", "5", "6"}) EXPECT_EQ(take_turn(holder), Duration(0));
    clock().advance(hour - Duration(5'000));
    // Its turn has come, but those before it went late.
    EXPECT_EQ(take_turn("7"), Duration(5'000));
    clock().advance(Duration(5'000));
    EXPECT_EQ(take_turn("7"), Duration(0));
}

TEST_P(StoreContract, AUseThatWasNotCountedIsTheSameOnesAgain) {
    for (const char* holder : {"1", "2", "3"}) take_turn(holder);
    run(store().give_back_turn("recordings", "2"));
    EXPECT_GT(take_turn("4"), Duration(0));
    EXPECT_EQ(take_turn("2"), Duration(0));
    // What was counted is not.
    EXPECT_EQ(take_turn("2"), hour);
}

TEST_P(StoreContract, NoPlaceInLineIsKeptForWhoDoesNotWantOne) {
    for (const char* holder : {"1", "2", "3"}) take_turn(holder, 3, false);
    EXPECT_EQ(take_turn("4", 3, false), hour);
    clock().advance(Duration(1'000));
    EXPECT_EQ(take_turn("5"), hour - Duration(1'000));
    // But who has one uses it.
    clock().advance(hour);
    EXPECT_EQ(take_turn("5", 3, false), Duration(0));
}

TEST_P(StoreContract, APlaceInLineThatNobodyComesForIsForgotten) {
    take_turn("1", 1);
    EXPECT_EQ(take_turn("2", 1), hour);
    EXPECT_EQ(take_turn("3", 1), 2 * hour);
    clock().advance(2 * hour + Duration(600'001));
    EXPECT_EQ(take_turn("4", 1), Duration(0));
}

}  // namespace
}  // namespace mlbilling::test
