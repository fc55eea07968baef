#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Pair;

IntakeStore::ProposalRequest yes_to(const ClaimedDelivery& prompt, UpdateKey update, Sender sender,
                                    std::int64_t message) {
    return {update,
            std::move(sender),
            ProposalId(std::stoll(prompt.notice.facts.at("proposal"))),
            prompt.chat,
            MessageId(message),
            "replies",
            {Credits(20)},
            Duration(600'000)};
}

/// A task that needs the user's yes, and its question.
TaskRequest asking(TaskRequest request) {
    request.ask_above = Credits(5);
    return request;
}

TEST_P(StoreContract, APriceAboveTheLimitIsAskedFor) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    EXPECT_EQ(prompt.notice.kind, Notice::Kind::proposal);
    EXPECT_THAT(prompt.notice.facts,
                IsSupersetOf({Pair("price", "6"), Pair("units", "60"), Pair("type", "text"),
                              Pair("balance", "20"), Pair("held", "0")}));
    EXPECT_EQ(account(1), credits(20, 0));
    EXPECT_FALSE(run(store().story(TaskId("1_1"))).has_value());
}

TEST_P(StoreContract, APriceAtTheLimitIsNotAskedFor) {
    accept(asking(text_request(1, "1_1", 50)));
    EXPECT_EQ(account(1), credits(20, 5));
}

TEST_P(StoreContract, WhoCannotPayIsToldSoAndNotAsked) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 201))));
    EXPECT_EQ(std::get<Insufficient>(outcome).price, Credits(21));
}

TEST_P(StoreContract, AnotherProducersTaskIsNeverAskedFor) {
    accept(asking(foreign_request(1, "1_1", 60)));
}

TEST_P(StoreContract, AYesRunsTheTaskInPlaceOfThePrompt) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    const auto accepted = std::get<Accepted>(
        run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50))));
    EXPECT_EQ(accepted.task.id, TaskId("1_50"));
    EXPECT_EQ(accepted.task.status_message, MessageId(50));
    EXPECT_EQ(accepted.task.payload.data, "a text");
    EXPECT_EQ(accepted.task.units_claimed, Units(60));
    EXPECT_EQ(accepted.task.place->message, MessageId(7));
    EXPECT_EQ(accepted.account, credits(20, 6));
}

TEST_P(StoreContract, AYesHoldsThePriceOfTheQuestion) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    auto dearer = run(store().current_prices())[0];
    dearer.type = TaskType::text;
    dearer.micro_credits_per_unit = 200'000;
    run(store().set_price(dearer));
    run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)));
    EXPECT_EQ(account(1), credits(20, 6));
}

TEST_P(StoreContract, ASecondYesToOnePromptChangesNothing) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    const auto yes = yes_to(prompt, new_update(), sender(1), 50);
    run(store().accept_proposal(yes));
    EXPECT_EQ(std::get<AlreadyKnown>(run(store().accept_proposal(yes))).task->id, TaskId("1_50"));
    const auto again = run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)));
    EXPECT_EQ(std::get<AlreadyKnown>(again).task->id, TaskId("1_50"));
    EXPECT_EQ(account(1), credits(20, 6));
}

TEST_P(StoreContract, AUsedOrUnknownProposalIsGone) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    auto prompt = claim(std::get<Proposed>(outcome).notice);
    run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)));
    // The question was delivered twice, and the user answers the second, too.
    const auto used = run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 51)));
    clock().advance(claim_time);
    const auto gone = claim(std::get<Refused>(used).notice.value());
    EXPECT_EQ(gone.notice.kind, Notice::Kind::proposal_gone);
    EXPECT_EQ(gone.edit, MessageId(51));
    prompt.notice.facts["proposal"] = "4711";
    const auto unknown = run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 52)));
    EXPECT_TRUE(std::get<Refused>(unknown).notice.has_value());
    EXPECT_EQ(account(1), credits(20, 6));
}

TEST_P(StoreContract, AnotherUserCannotSayYesNorSpoilThePrompt) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    const auto other = run(store().accept_proposal(yes_to(prompt, new_update(), sender(2), 50)));
    clock().advance(claim_time);
    const auto gone = claim(std::get<Refused>(other).notice.value());
    EXPECT_EQ(gone.notice.kind, Notice::Kind::proposal_gone);
    EXPECT_FALSE(gone.edit.has_value());
    EXPECT_EQ(account(2), credits(20, 0));
    EXPECT_TRUE(std::holds_alternative<Accepted>(
        run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)))));
}

TEST_P(StoreContract, AYesWithoutCreditsLeavesTheQuestionOpen) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    accept(1, "1_2", 150);
    const auto poor = run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)));
    EXPECT_EQ(std::get<Insufficient>(poor).price, Credits(6));
    give(1, 100, "top-up");
    EXPECT_TRUE(std::holds_alternative<Accepted>(
        run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)))));
}

TEST_P(StoreContract, AMeasuredPriceAboveTheLimitIsAskedForInPlaceOfTheResult) {
    accept(1, "1_1", 10);
    const auto leased = lease("1_1");
    run(store().set_status_message(TaskId("1_1"), MessageId(60)));
    const auto settled = std::get<Settled>(run(store().fail(
        leased.task.id, leased.task.epoch, FailureReason::price_above_limit, Units(120), {})));
    EXPECT_EQ(settled.task.status, TaskStatus::error);
    EXPECT_EQ(settled.account, credits(20, 0));
    const auto prompt = run(store().claim_result(TaskId("1_1"), claim_time)).value();
    EXPECT_EQ(prompt.notice.kind, Notice::Kind::proposal);
    EXPECT_THAT(prompt.notice.facts, IsSupersetOf({Pair("price", "12"), Pair("units", "120"),
                                                   Pair("balance", "20"), Pair("held", "0")}));
    EXPECT_EQ(prompt.edit, MessageId(60));
    const auto accepted = std::get<Accepted>(
        run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 60))));
    EXPECT_EQ(accepted.task.id, TaskId("1_60"));
    EXPECT_EQ(accepted.account, credits(20, 12));
}

TEST_P(StoreContract, AnotherProducerIsToldThePriceIsAboveTheLimit) {
    accept(foreign_request(1, "1_1", 10));
    const auto leased = lease("1_1");
    const auto settled = std::get<Settled>(run(store().fail(
        leased.task.id, leased.task.epoch, FailureReason::price_above_limit, Units(120), {})));
    EXPECT_EQ(settled.reply.value().kind, OutboxRecord::Kind::reply);
}

TEST_P(StoreContract, OldProposalsAreForgotten) {
    const auto outcome = run(store().accept(asking(text_request(1, "1_1", 60))));
    const auto prompt = claim(std::get<Proposed>(outcome).notice);
    clock().advance(SweepPolicy{}.keep_proposals + Duration(1));
    EXPECT_EQ(run(store().sweep({})).rows_forgotten, 1);
    EXPECT_TRUE(std::holds_alternative<Refused>(
        run(store().accept_proposal(yes_to(prompt, new_update(), sender(1), 50)))));
}

TEST_P(StoreContract, CancellingReturnsTheHoldAndTellsOnce) {
    accept(1, "1_1", 60);
    const auto request = answer_request(1, {});
    const auto outcome = run(store().cancel(request, TaskId("1_1")));
    EXPECT_EQ(outcome.cancelled, TaskId("1_1"));
    const auto told = claim(outcome.answer.value());
    EXPECT_EQ(told.notice.kind, Notice::Kind::cancelled);
    EXPECT_THAT(told.notice.facts, ElementsAre(Pair("credits", "6")));
    EXPECT_EQ(account(1), credits(20, 0));
    const auto after = story("1_1");
    EXPECT_EQ(after.task.status, TaskStatus::cancelled);
    EXPECT_EQ(after.task.failure, FailureReason::cancelled);
    EXPECT_EQ(after.task.cost, Credits(0));
    EXPECT_EQ(after.hold, HoldState::released);
    ASSERT_EQ(after.deliveries.size(), 1U);
    EXPECT_EQ(after.deliveries[0].kind, Notice::Kind::cancelled);
    EXPECT_FALSE(after.in_outbox);
    EXPECT_FALSE(run(store().cancel(request, TaskId("1_1"))).answer.has_value());
}

TEST_P(StoreContract, CancellingReplacesTheStatusMessage) {
    accept(1, "1_1", 60);
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(60))), StatusMessage::shown);
    const auto outcome = run(store().cancel(answer_request(1, {}), TaskId("1_1")));
    const auto told = claim(outcome.answer.value());
    EXPECT_EQ(told.edit, MessageId(60));
    EXPECT_EQ(told.task.value().id, TaskId("1_1"));
    // It has ended, and the answer may be on its way: the caller removes its message itself.
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(61))),
              StatusMessage::unwanted);
}

TEST_P(StoreContract, AStatusMessageWhoseButtonWasPressedBeforeItWasKnownIsAnAnswer) {
    accept(1, "1_1", 60);
    auto request = answer_request(1, {});
    request.edit = MessageId(60);
    const auto told = claim(run(store().cancel(request, TaskId("1_1"))).answer.value());
    EXPECT_EQ(told.edit, MessageId(60));
    const auto standing = [this](int message) {
        return run(store().set_status_message(TaskId("1_1"), MessageId(message)));
    };
    EXPECT_EQ(standing(60), StatusMessage::answered);
    EXPECT_EQ(standing(61), StatusMessage::unwanted);
    run(store().part_sent(told.id, told.claim, MessageId(60), "", true, claim_time));
    EXPECT_EQ(standing(60), StatusMessage::answered);
}

TEST_P(StoreContract, AStatusMessageMayComeAfterTheCancellationButNotAfterTheClaimOfItsAnswer) {
    accept(1, "1_1", 60);
    const auto outcome = run(store().cancel(answer_request(1, {}), TaskId("1_1")));
    EXPECT_EQ(run(store().set_status_message(TaskId("1_1"), MessageId(60))), StatusMessage::shown);
    EXPECT_EQ(claim(outcome.answer.value()).edit, MessageId(60));
}

TEST_P(StoreContract, WhatCannotBeCancelledKeepsItsMessage) {
    accept(1, "1_1", 60);
    lease("1_1");
    auto request = answer_request(1, {});
    request.edit = MessageId(60);
    const auto told = claim(run(store().cancel(request, TaskId("1_1"))).answer.value());
    EXPECT_EQ(told.notice.kind, Notice::Kind::not_cancellable);
    EXPECT_FALSE(told.edit.has_value());
}

TEST_P(StoreContract, WithoutATaskTheNewestThatHasNotStartedIsCancelled) {
    for (const auto* id : {"1_1", "1_2", "1_3"}) accept(1, id, 10);
    accept(2, "2_1", 10);
    lease("1_3");
    EXPECT_EQ(run(store().cancel(answer_request(1, {}), std::nullopt)).cancelled, TaskId("1_2"));
    EXPECT_EQ(run(store().cancel(answer_request(1, {}), std::nullopt)).cancelled, TaskId("1_1"));
    const auto nothing = run(store().cancel(answer_request(1, {}), std::nullopt));
    EXPECT_FALSE(nothing.cancelled.has_value());
    clock().advance(claim_time);
    EXPECT_EQ(claim(nothing.answer.value()).notice.kind, Notice::Kind::not_cancellable);
}

TEST_P(StoreContract, AnotherUsersTaskCannotBeCancelled) {
    accept(1, "1_1", 10);
    const auto outcome = run(store().cancel(answer_request(2, {}), TaskId("1_1")));
    EXPECT_FALSE(outcome.cancelled.has_value());
    EXPECT_EQ(story("1_1").task.status, TaskStatus::created);
}

TEST_P(StoreContract, ARunningTaskCannotBeCancelled) {
    accept(1, "1_1", 10);
    lease("1_1");
    EXPECT_FALSE(run(store().cancel(answer_request(1, {}), TaskId("1_1"))).cancelled.has_value());
    EXPECT_EQ(account(1), credits(20, 1));
}

TEST_P(StoreContract, CancellingAnotherProducersTaskRepliesToIt) {
    accept(foreign_request(1, "1_1", 10));
    run(store().cancel(answer_request(1, {}), TaskId("1_1")));
    const auto rows = run(store().take_outbox(10, Duration(30'000)));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].kind, OutboxRecord::Kind::reply);
    EXPECT_EQ(rows[0].task.status, TaskStatus::cancelled);
}

TEST_P(StoreContract, ACancelledTaskIsNeverLeased) {
    accept(1, "1_1", 10);
    run(store().cancel(answer_request(1, {}), TaskId("1_1")));
    const auto outcome = run(store().lease(TaskId("1_1"), "worker", lease_time));
    EXPECT_EQ(std::get<NotLeased>(outcome).task->status, TaskStatus::cancelled);
}

}  // namespace
}  // namespace mlbilling::test
