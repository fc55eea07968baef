#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreContract, AClaimedDeliveryIsNobodyElses) {
    const auto id = due_answer(1);
    EXPECT_THAT(run(store().due_deliveries(10)), ElementsAre(id));
    EXPECT_EQ(claim(id).attempt, 1);
    EXPECT_FALSE(claimable(id));
    EXPECT_THAT(run(store().due_deliveries(10)), IsEmpty());
}

TEST_P(StoreContract, ASentDeliveryIsDone) {
    const auto id = due_answer(1);
    const auto claimed = claim(id);
    EXPECT_TRUE(run(store().part_sent(id, claimed.claim, MessageId(5), "", true, claim_time)));
    clock().advance(claim_time);
    EXPECT_FALSE(claimable(id));
    EXPECT_FALSE(run(store().part_sent(id, claimed.claim, MessageId(6), "", true, claim_time)));
    EXPECT_EQ(run(store().statistics()).undelivered, 0);
}

TEST_P(StoreContract, ALapsedClaimIsTakenOnceMore) {
    const auto id = due_answer(1);
    const auto first = claim(id);
    clock().advance(claim_time);
    EXPECT_THAT(run(store().due_deliveries(10)), ElementsAre(id));
    const auto second = claim(id);
    EXPECT_EQ(second.attempt, 2);
    clock().advance(claim_time);
    EXPECT_THAT(run(store().due_deliveries(10)), IsEmpty());
    EXPECT_FALSE(claimable(id));
    EXPECT_EQ(run(store().sweep({})).deliveries_unknown, 1);
    EXPECT_FALSE(run(store().part_sent(id, second.claim, MessageId(5), "", true, claim_time)));
}

TEST_P(StoreContract, AClaimThatIsExtendedHolds) {
    const auto id = due_answer(1);
    const auto claimed = claim(id);
    clock().advance(claim_time - Duration(1));
    EXPECT_TRUE(run(store().extend_claim(id, claimed.claim, claim_time)));
    clock().advance(claim_time - Duration(1));
    EXPECT_FALSE(claimable(id));
    clock().advance(Duration(1));
    EXPECT_EQ(claim(id).attempt, 2);
    EXPECT_FALSE(run(store().extend_claim(id, claimed.claim, claim_time)));
}

TEST_P(StoreContract, AnOldClaimMarksNothing) {
    const auto id = due_answer(1);
    const auto old = claim(id);
    clock().advance(claim_time);
    const auto current = claim(id);
    const auto later = clock().now();
    EXPECT_FALSE(run(store().part_sent(id, old.claim, MessageId(5), "", true, claim_time)));
    EXPECT_FALSE(run(store().postpone(id, old.claim, later)));
    EXPECT_FALSE(run(store().ambiguous(id, old.claim, later)));
    EXPECT_FALSE(run(store().give_up(id, old.claim, "blocked")));
    EXPECT_TRUE(run(store().part_sent(id, current.claim, MessageId(5), "", true, claim_time)));
}

TEST_P(StoreContract, APostponedDeliveryKeepsItsAttempts) {
    const auto id = due_answer(1);
    for (int i = 0; i < 5; ++i) {
        const auto claimed = claim(id);
        EXPECT_EQ(claimed.attempt, 1);
        EXPECT_TRUE(run(store().postpone(id, claimed.claim, clock().now() + Duration(3'000))));
        EXPECT_FALSE(claimable(id));
        clock().advance(Duration(3'000));
    }
    EXPECT_TRUE(claimable(id));
}

TEST_P(StoreContract, AtMostTwoAttemptsEndAmbiguously) {
    const auto id = due_answer(1);
    EXPECT_TRUE(run(store().ambiguous(id, claim(id).claim, clock().now())));
    const auto second = claim(id);
    EXPECT_EQ(second.attempt, 2);
    EXPECT_TRUE(run(store().ambiguous(id, second.claim, clock().now())));
    EXPECT_FALSE(claimable(id));
}

TEST_P(StoreContract, AResultThatMayBeLostIsSaidSoAndCanBeHadAgain) {
    accept(1, "1_1", 10);
    complete(lease("1_1"), 1);
    const auto result = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_TRUE(run(store().ambiguous(result.id, result.claim, clock().now())));
    EXPECT_THAT(run(store().due_deliveries(10)), ElementsAre(result.id));
    EXPECT_TRUE(run(store().ambiguous(result.id, claim(result.id).claim, clock().now())));
    const auto due = run(store().due_deliveries(10));
    ASSERT_EQ(due.size(), 1U);
    const auto notice = claim(due[0]);
    EXPECT_EQ(notice.notice, (Notice{Notice::Kind::answer_uncertain, {{"task", "1_1"}}}));
    EXPECT_EQ(notice.chat, result.chat);
    EXPECT_EQ(notice.reply_to, result.reply_to);
    EXPECT_FALSE(notice.task.has_value());

    // What is sent again at the user's wish may be lost again.
    const Notice again{Notice::Kind::result_again, {{"task", "1_1"}}};
    const auto asked = run(store().answer(answer_request(2, again))).value();
    EXPECT_TRUE(run(store().ambiguous(asked, claim(asked).claim, clock().now())));
    EXPECT_TRUE(run(store().ambiguous(asked, claim(asked).claim, clock().now())));
    const auto second = run(store().due_deliveries(10));
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(claim(second[0]).notice, notice.notice);
}

TEST_P(StoreContract, AnAnswerThatMayBeLostIsSaidSoOnce) {
    const auto id = due_answer(1);
    claim(id);
    clock().advance(claim_time);
    claim(id);
    clock().advance(claim_time);
    EXPECT_EQ(run(store().sweep({})).deliveries_unknown, 1);
    const auto due = run(store().due_deliveries(10));
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(claim(due[0]).notice, (Notice{Notice::Kind::answer_uncertain, {}}));
    clock().advance(claim_time);
    claim(due[0]);
    clock().advance(claim_time);
    EXPECT_EQ(run(store().sweep({})).deliveries_unknown, 1);
    EXPECT_EQ(run(store().statistics()).undelivered, 0);
}

TEST_P(StoreContract, AnAmbiguousEndAndALapsedClaimAreTwoAttempts) {
    const auto id = due_answer(1);
    EXPECT_TRUE(run(store().ambiguous(id, claim(id).claim, clock().now() + Duration(1'000))));
    EXPECT_FALSE(claimable(id));
    clock().advance(Duration(1'000));
    claim(id);
    clock().advance(claim_time);
    EXPECT_FALSE(claimable(id));
}

TEST_P(StoreContract, APartThatWasSentIsNotSentAgain) {
    accept(1, "1_1", 10);
    complete(lease("1_1"), 1);
    auto claimed = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_TRUE(
        run(store().part_sent(claimed.id, claimed.claim, MessageId(5), "f", false, claim_time)));
    clock().advance(claim_time - Duration(1));
    EXPECT_FALSE(claimable(claimed.id));
    clock().advance(Duration(1));
    claimed = claim(claimed.id);
    EXPECT_EQ(claimed.parts_sent, 1);
    EXPECT_EQ(claimed.attempt, 2);
    EXPECT_TRUE(
        run(store().part_sent(claimed.id, claimed.claim, MessageId(6), "g", false, claim_time)));
    // The attempts of each part count by themselves.
    clock().advance(claim_time);
    claimed = claim(claimed.id);
    EXPECT_EQ(claimed.parts_sent, 2);
    EXPECT_EQ(claimed.attempt, 2);
    EXPECT_TRUE(
        run(store().part_sent(claimed.id, claimed.claim, MessageId(7), "h", true, claim_time)));
    EXPECT_EQ(story("1_1").deliveries[0].state, "sent");
    EXPECT_EQ(story("1_1").deliveries[0].parts_sent, 3);
    EXPECT_EQ(story("1_1").deliveries[0].sent_at, clock().now());
}

TEST_P(StoreContract, AGivenUpDeliveryIsDeadAndTheResultReadable) {
    accept(1, "1_1", 10);
    complete(lease("1_1"), 1);
    const auto claimed = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_TRUE(run(store().give_up(claimed.id, claimed.claim, "bot was blocked")));
    clock().advance(claim_time);
    EXPECT_FALSE(claimable(claimed.id));
    const auto after = story("1_1");
    EXPECT_EQ(after.deliveries[0].state, "dead");
    EXPECT_EQ(after.deliveries[0].detail, "bot was blocked");
    EXPECT_EQ(after.task.result.parts.size(), 1U);
}

TEST_P(StoreContract, GivenUpDeliveriesAreListedNewestFirst) {
    std::vector<DeliveryId> ids;
    for (int chat = 1; chat <= 4; ++chat) ids.push_back(due_answer(chat));
    run(store().give_up(ids[0], claim(ids[0]).claim, "blocked"));
    run(store().ambiguous(ids[1], claim(ids[1]).claim, clock().now()));
    run(store().ambiguous(ids[1], claim(ids[1]).claim, clock().now()));
    run(store().part_sent(ids[2], claim(ids[2]).claim, MessageId(5), "", true, claim_time));
    const auto failed = run(store().failed_deliveries(10));
    ASSERT_EQ(failed.size(), 2U);
    EXPECT_EQ(failed[0].id, ids[1]);
    EXPECT_EQ(failed[0].state, "unknown");
    EXPECT_EQ(failed[0].reply_to, MessageId(8));
    EXPECT_EQ(failed[1].id, ids[0]);
    EXPECT_EQ(failed[1].detail, "blocked");
    EXPECT_EQ(run(store().failed_deliveries(1)).size(), 1U);
}

TEST_P(StoreContract, AChatGetsOneDeliveryAtATime) {
    const auto first = due_answer(1);
    const auto second = due_answer(1);
    const auto other = due_answer(2);
    const auto claimed = claim(first);
    EXPECT_FALSE(claimable(second));
    EXPECT_THAT(run(store().due_deliveries(10)), ElementsAre(other));
    EXPECT_TRUE(claimable(other));
    run(store().part_sent(first, claimed.claim, MessageId(5), "", true, claim_time));
    EXPECT_TRUE(claimable(second));
}

TEST_P(StoreContract, APostponedOrDeadDeliveryDoesNotBlockItsChat) {
    const auto first = due_answer(1);
    const auto second = due_answer(1);
    run(store().postpone(first, claim(first).claim, clock().now() + Duration(86'400'000)));
    const auto claimed = claim(second);
    run(store().part_sent(second, claimed.claim, MessageId(5), "", true, claim_time));
    clock().advance(Duration(86'400'000));
    run(store().give_up(first, claim(first).claim, "kicked"));
    EXPECT_TRUE(claimable(due_answer(1)));
}

TEST_P(StoreContract, ALapsedClaimDoesNotBlockItsChat) {
    const auto first = due_answer(1);
    const auto second = due_answer(1);
    claim(first);
    clock().advance(claim_time);
    claim(first);
    EXPECT_FALSE(claimable(second));
    clock().advance(claim_time);
    EXPECT_TRUE(claimable(second));
}

TEST_P(StoreContract, DueDeliveriesAreOldestFirstAndLimited) {
    std::vector<DeliveryId> ids;
    for (int chat = 1; chat <= 5; ++chat) {
        ids.push_back(due_answer(chat));
        clock().advance(Duration(1));
    }
    EXPECT_THAT(run(store().due_deliveries(3)), ElementsAre(ids[0], ids[1], ids[2]));
    EXPECT_THAT(run(store().due_deliveries(0)), IsEmpty());
}

TEST_P(StoreContract, AGroupThatMovedTakesItsDeliveriesAlong) {
    accept(1, "1_1", 10);
    accept(1, "1_2", 10);
    const auto first = due_answer(1);
    const auto second = due_answer(1);
    const auto claimed = claim(first);
    run(store().move_chat(ChatId(1), ChatId(-100)));
    EXPECT_FALSE(run(store().part_sent(first, claimed.claim, MessageId(5), "", true, claim_time)));
    const auto moved = claim(first);
    EXPECT_EQ(moved.chat, ChatId(-100));
    EXPECT_EQ(moved.attempt, 1);
    // Messages of the old group cannot be answered or edited in the new one.
    EXPECT_FALSE(moved.reply_to.has_value());
    EXPECT_FALSE(claimable(second));
    run(store().part_sent(first, moved.claim, MessageId(5), "", true, claim_time));
    EXPECT_EQ(claim(second).chat, ChatId(-100));
    complete(lease("1_1"), 1);
    EXPECT_EQ(story("1_1").deliveries[0].chat, ChatId(-100));
}

TEST_P(StoreContract, AResultOfAMovedGroupForgetsItsStatusMessage) {
    accept(1, "1_1", 10);
    run(store().set_status_message(TaskId("1_1"), MessageId(60)));
    complete(lease("1_1"), 1);
    run(store().move_chat(ChatId(1), ChatId(-100)));
    const auto delivery = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_EQ(delivery.chat, ChatId(-100));
    EXPECT_FALSE(delivery.edit.has_value());
}

TEST_P(StoreContract, TheResultReplacesTheStatusMessage) {
    accept(1, "1_1", 10);
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(60))), StatusMessage::shown);
    EXPECT_EQ(story("1_1").task.status_message, MessageId(60));
    complete(lease("1_1"), 1);
    EXPECT_EQ(run(store().claim_result(TaskId("1_1"), claim_time))->edit, MessageId(60));
}

TEST_P(StoreContract, AStatusMessageMayComeAfterTheEndButNotAfterTheClaim) {
    accept(1, "1_1", 10);
    complete(lease("1_1"), 1);
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(60))), StatusMessage::shown);
    EXPECT_EQ(run(store().claim_result(TaskId("1_1"), claim_time))->edit, MessageId(60));
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(61))),
              StatusMessage::unwanted);
    EXPECT_EQ(run(store().set_status_message(TaskId("9_9"), MessageId(61))),
              StatusMessage::unwanted);
}

TEST_P(StoreContract, WhatIsUnknownIsNotClaimed) {
    EXPECT_FALSE(claimable(DeliveryId(4711)));
    EXPECT_FALSE(run(store().claim_result(TaskId("9_9"), claim_time)).has_value());
    accept(1, "1_1", 10);
    EXPECT_FALSE(run(store().claim_result(TaskId("1_1"), claim_time)).has_value());
}

}  // namespace
}  // namespace mlbilling::test
