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

}  // namespace
}  // namespace mlbilling::test
