// Whose a request is: names of two users, chats, bots or producers may be the same.
#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

TEST_P(StoreContract, WhoeverComesFirstKeepsThePlainName) {
    EXPECT_EQ(accept(foreign_request(2, "1_5", 10)).task.id, TaskId("1_5"));
    EXPECT_EQ(accept(text_request(1, "1_5", 10)).task.id, TaskId("1_5.2"));
    EXPECT_EQ(accept(foreign_request(3, "1_5", 10)).task.id, TaskId("1_5.3"));
    EXPECT_EQ(account(1), credits(20, 1));
}

TEST_P(StoreContract, AMessageOfAnotherBotIsAnotherRequest) {
    accept(request_to(1, 1, "1_5"));
    const auto second = accept(request_to(2, 1, "1_5"));
    EXPECT_EQ(second.task.id, TaskId("1_5.2"));
    EXPECT_EQ(second.outbox.task.id, TaskId("1_5.2"));
    EXPECT_EQ(account(1), credits(20, 2));
    complete(lease("1_5.2"), 1);
    EXPECT_EQ(account(1), credits(19, 1));
    EXPECT_EQ(story("1_5").task.status, TaskStatus::created);
}

TEST_P(StoreContract, ARequestIsKnownUnderItsSuffix) {
    accept(foreign_request(2, "1_5", 10));
    accept(request_to(1, 1, "1_5"));
    accept(request_to(2, 1, "1_5"));
    accept(foreign_request(3, "1_5", 10));
    const auto repeated = [&](TaskRequest request) {
        return std::get<AlreadyKnown>(run(store().accept(std::move(request)))).task.value().id;
    };
    EXPECT_EQ(repeated(foreign_request(2, "1_5", 10)), TaskId("1_5"));
    EXPECT_EQ(repeated(request_to(1, 1, "1_5")), TaskId("1_5.2"));
    EXPECT_EQ(repeated(request_to(2, 1, "1_5")), TaskId("1_5.3"));
    EXPECT_EQ(repeated(foreign_request(3, "1_5", 10)), TaskId("1_5.4"));
}

TEST_P(StoreContract, AProducersOwnNameWithASuffixIsNoOtherRequest) {
    accept(foreign_request(2, "job", 10));
    accept(foreign_request(2, "job.2", 10));
    EXPECT_EQ(accept(foreign_request(3, "job", 10)).task.id, TaskId("job.3"));
    EXPECT_EQ(accept(foreign_request(3, "job.2", 10)).task.id, TaskId("job.2.2"));
    EXPECT_TRUE(
        std::holds_alternative<AlreadyKnown>(run(store().accept(foreign_request(3, "job", 10)))));
}

TEST_P(StoreContract, RequestsThatComeToOneNameAtTheSameTimeAreAllAccepted) {
    accept(foreign_request(9, "job", 10));
    std::vector<Async<TaskOutcome>> works;
    works.push_back(store().accept(foreign_request(1, "job", 10)));
    works.push_back(store().accept(foreign_request(2, "job.2", 10)));
    works.push_back(store().accept(foreign_request(3, "job", 10)));
    std::vector<std::string> ids;
    for (const auto& outcome : run_together(std::move(works)))
        ids.push_back(std::get<Accepted>(outcome).task.id.value());
    std::ranges::sort(ids);
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST_P(StoreContract, ACopyOfOurBotsMessageIsThatTask) {
    accept(1, "1_5", 10);
    auto copy = foreign_request(1, "1_5", 10);
    EXPECT_EQ(std::get<AlreadyKnown>(run(store().accept(copy))).task.value().id, TaskId("1_5"));
    copy.reply_to = "replies.other";
    EXPECT_EQ(accept(copy).task.id, TaskId("1_5.2"));
}

TEST_P(StoreContract, AnotherProducersWordsAreKeptForTheReply) {
    accept(foreign_request(2, "1_5", 10));
    const auto payload = accept(foreign_request(3, "1_5", 10)).task.payload;
    EXPECT_EQ(payload.asked_as, "1_5");
    EXPECT_EQ(payload.correlation, "their-1_5");
    EXPECT_EQ(story("1_5.2").task.payload, payload);
    EXPECT_EQ(accept(text_request(1, "1_6", 10)).task.payload.asked_as, "");
}

TEST_P(StoreContract, AYesBecomesATaskThoughAnotherHasTheName) {
    auto request = text_request(1, "1_1", 60);
    request.ask_above = Credits(5);
    const auto prompt = claim(std::get<Proposed>(run(store().accept(request))).notice);
    accept(foreign_request(2, "1_50", 10));
    IntakeStore::ProposalRequest yes{
        .update = new_update(),
        .sender = sender(1),
        .proposal = ProposalId(std::stoll(prompt.notice.facts.at("proposal"))),
        .chat = ChatId(1),
        .prompt = MessageId(50),
        .reply_to = "replies",
        .start = {Credits(20)},
        .time_limit = time_limit};
    const auto accepted = std::get<Accepted>(run(store().accept_proposal(yes)));
    EXPECT_EQ(accepted.task.id, TaskId("1_50.2"));
    EXPECT_EQ(run(store().find_asked(BotId(1), ChatId(1), MessageId(50))).value().id,
              TaskId("1_50.2"));
    EXPECT_FALSE(run(store().find_asked(BotId(2), ChatId(1), MessageId(50))).has_value());
    yes.update = new_update();
    const auto again = std::get<AlreadyKnown>(run(store().accept_proposal(yes)));
    EXPECT_EQ(again.task.value().id, TaskId("1_50.2"));
}

TEST_P(StoreContract, WhatIsAskedAgainOfABatchIsNotTakenForARepeat) {
    // The third fits only because the second does not.
    std::vector<Async<TaskOutcome>> works;
    works.push_back(store().accept(text_request(1, "1_1", 150)));
    works.push_back(store().accept(text_request(1, "1_2", 100)));
    works.push_back(store().accept(text_request(1, "1_3", 50)));
    const auto outcomes = run_together(std::move(works));
    EXPECT_TRUE(std::holds_alternative<Accepted>(outcomes[0]));
    EXPECT_TRUE(std::holds_alternative<Insufficient>(outcomes[1]));
    EXPECT_TRUE(std::holds_alternative<Accepted>(outcomes[2]));
}

}  // namespace
}  // namespace mlbilling::test
