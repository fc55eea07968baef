#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_P(StoreContract, WhatAGroupRefusesIsPaidBackOnceAndToldInPrivate) {
    const auto result = paid_result("-9_1", 3, ChatId(-9));
    EXPECT_EQ(account(1), credits(17, 0));
    const auto refusal = refuse(result, false);
    EXPECT_EQ(refusal.end, RefusalEnd::refunded);
    EXPECT_EQ(refusal.refunded, Credits(3));
    EXPECT_EQ(account(1), credits(20, 0));
    const auto told = claimed_due();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].chat, ChatId(1));
    EXPECT_EQ(told[0].notice, (Notice{Notice::Kind::result_refused, {{"cost", "3"}}}));

    EXPECT_EQ(refuse(result, false).end, RefusalEnd::not_ours) << "the claim is over";
    EXPECT_EQ(account(1), credits(20, 0));
    const auto listed = run(store().failed_deliveries(10));
    ASSERT_THAT(listed, SizeIs(1));
    EXPECT_EQ(listed[0].state, "dead");
    EXPECT_EQ(listed[0].paid, "refunded");
    EXPECT_EQ(listed[0].task, TaskId("-9_1"));
    EXPECT_EQ(story("-9_1").deliveries.at(0).paid, "refunded");
}

TEST_P(StoreContract, WhatWasPaidBackBeforeIsNotPaidBackAgain) {
    const auto result = paid_result("-9_1", 3, ChatId(-9));
    run(store().refund(TaskId("-9_1"), Credits(1), "operator", "a test", "r1"));
    EXPECT_EQ(refuse(result, false).refunded, Credits(2));
    EXPECT_EQ(account(1), credits(20, 0));

    const auto other = paid_result("-9_2", 3, ChatId(-9));
    run(store().refund(TaskId("-9_2"), Credits(3), "operator", "a test", "r2"));
    EXPECT_EQ(refuse(other, false).end, RefusalEnd::nothing_paid);
    EXPECT_EQ(account(1), credits(20, 0));
}

TEST_P(StoreContract, AResultThatArrivedInPartIsOfferedAndNotPaidBack) {
    const auto result = paid_result("-9_1", 3, ChatId(-9));
    run(store().part_sent(result.id, result.claim, MessageId(50), "", false, claim_time));
    EXPECT_EQ(refuse(result, false).end, RefusalEnd::offered);
    EXPECT_EQ(account(1), credits(17, 0));
    const auto told = claimed_due();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].chat, ChatId(1));
    EXPECT_EQ(told[0].notice, (Notice{Notice::Kind::result_kept, {{"task", "-9_1"}}}));
}

TEST_P(StoreContract, AnAnswerThatCostNothingIsOnlyGivenUp) {
    const auto notice = claim(due_answer(1));
    EXPECT_EQ(refuse(notice, true).end, RefusalEnd::nothing_paid);
    accept(1, "1_1", 10);
    fail(lease("1_1"), FailureReason::silence);
    const auto failure = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_EQ(refuse(failure, false).end, RefusalEnd::nothing_paid);
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_THAT(claimed_due(), IsEmpty());
}

TEST_P(StoreContract, WhatABlockingUserRefusedIsOfferedWhenAMessageReachesThem) {
    const auto result = paid_result("1_1", 3);
    EXPECT_EQ(refuse(result, true).end, RefusalEnd::kept);
    EXPECT_EQ(account(1), credits(17, 0));
    EXPECT_THAT(claimed_due(), IsEmpty());
    reach(2);
    EXPECT_THAT(claimed_due(), IsEmpty()) << "another user's";
    auto in_group = answer_request(1, {Notice::Kind::help, {}});
    in_group.place = Place{ChatId(-9), MessageId(8)};
    sent(claim(run(store().answer(std::move(in_group))).value()));
    EXPECT_THAT(claimed_due(), IsEmpty()) << "a group's";

    reach(1);
    const auto offers = claimed_due();
    ASSERT_THAT(offers, SizeIs(1));
    EXPECT_EQ(offers[0].chat, ChatId(1));
    EXPECT_EQ(offers[0].notice, (Notice{Notice::Kind::result_kept, {{"task", "1_1"}}}));
    sent(offers[0]);
    EXPECT_THAT(claimed_due(), IsEmpty()) << "offered once";
}

TEST_P(StoreContract, AnOfferThatIsRefusedTooIsMadeAgain) {
    refuse(paid_result("1_1", 3), true);
    reach(1);
    EXPECT_EQ(refuse(claimed_due().at(0), true).end, RefusalEnd::kept);
    reach(1);
    EXPECT_THAT(claimed_due(), SizeIs(1));
}

TEST_P(StoreContract, WhatIsKeptInVainIsPaidBack) {
    SweepPolicy policy;
    policy.keep_refused = Duration(1'000);
    refuse(paid_result("1_1", 3), true);
    EXPECT_EQ(run(store().sweep(policy)).refused_refunded, 0);
    clock().advance(Duration(2'000));
    const auto swept = run(store().sweep(policy));
    EXPECT_EQ(swept.refused_refunded, 1);
    EXPECT_EQ(swept.credits_refunded, Credits(3));
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_EQ(run(store().sweep(policy)).refused_refunded, 0);
    reach(1);
    EXPECT_THAT(claimed_due(), IsEmpty()) << "what was paid back is not offered";
}

TEST_P(StoreContract, WhatWasOfferedIsNotPaidBack) {
    SweepPolicy policy;
    policy.keep_refused = Duration(1'000);
    refuse(paid_result("1_1", 3), true);
    reach(1);
    clock().advance(Duration(2'000));
    EXPECT_EQ(run(store().sweep(policy)).refused_refunded, 0);
}

TEST_P(StoreContract, AMessagesTopicIsKnownUntilItIsForgotten) {
    EXPECT_EQ(run(store().topic_of(ChatId(-9), MessageId(5))), std::nullopt);
    run(store().note_topic(ChatId(-9), MessageId(5), MessageId(77)));
    run(store().note_topic(ChatId(-9), MessageId(5), MessageId(78)));
    EXPECT_EQ(run(store().topic_of(ChatId(-9), MessageId(5))), MessageId(78));
    EXPECT_EQ(run(store().topic_of(ChatId(-8), MessageId(5))), std::nullopt);
    SweepPolicy policy;
    policy.keep_messages = Duration(1'000);
    run(store().sweep(policy));
    EXPECT_EQ(run(store().topic_of(ChatId(-9), MessageId(5))), MessageId(78));
    clock().advance(Duration(2'000));
    run(store().sweep(policy));
    EXPECT_EQ(run(store().topic_of(ChatId(-9), MessageId(5))), std::nullopt);
}

TEST_P(StoreContract, TheOwnerOfAMessageWithButtonsIsKnownUntilItHasNone) {
    const ChatId chat(-9);
    EXPECT_FALSE(run(store().buttons_of(chat, MessageId(5))));
    run(store().set_buttons(chat, MessageId(5),
                            OwnedMessage{ButtonMessage::question, TelegramId(1)}));
    auto owned = run(store().buttons_of(chat, MessageId(5))).value();
    EXPECT_EQ(owned.kind, ButtonMessage::question);
    EXPECT_EQ(owned.owner, TelegramId(1));
    run(store().set_buttons(chat, MessageId(5), OwnedMessage{ButtonMessage::menu, TelegramId(2)}));
    owned = run(store().buttons_of(chat, MessageId(5))).value();
    EXPECT_EQ(owned.kind, ButtonMessage::menu);
    EXPECT_EQ(owned.owner, TelegramId(2));
    run(store().set_buttons(chat, MessageId(5), std::nullopt));
    EXPECT_FALSE(run(store().buttons_of(chat, MessageId(5))));

    run(store().set_buttons(chat, MessageId(6), OwnedMessage{ButtonMessage::menu, TelegramId(2)}));
    SweepPolicy policy;
    policy.keep_messages = Duration(1'000);
    clock().advance(Duration(2'000));
    run(store().sweep(policy));
    EXPECT_FALSE(run(store().buttons_of(chat, MessageId(6))));
}

}  // namespace
}  // namespace mlbilling::test
