#include <gmock/gmock.h>

#include "texts/failure_text.hpp"
#include "texts/render.hpp"
#include "workshop.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Messages that our bot did not send.
class ReceptionTest : public Workshop {
  protected:
    void SetUp() override {
        options.start = {Credits(20)};
        start();
    }

    void send_task(const std::string& id, const std::string& text, std::int64_t user = 77,
                   const std::string& reply_to = "replies.other") {
        send(encode(TaskMessage{TelegramId(user), TaskType::text, TaskId(id), text}), reply_to, id);
        advance(5'000);
    }
    /// An error that tells nothing of the task that has the name.
    void expect_refused(const std::string& queue) {
        const auto refused = reply(queue);
        ASSERT_TRUE(refused) << queue;
        EXPECT_FALSE(refused->success);
        EXPECT_EQ(refused->message, "task_id already names another task");
        EXPECT_THAT(refused->result_files, IsEmpty());
        EXPECT_EQ(refused->cost, Credits(0));
    }
    std::string dead_reason() {
        const auto message = take("tasks.dead");
        return message ? message->headers.at("x-reason") : "nothing is dead";
    }
};

TEST_F(ReceptionTest, WhatIsNoJsonObjectGoesToTheDeadLettersWithTheReason) {
    for (const auto* body : {"hello", "", "[1]", "\xff\xfe", "{\"a\":"}) {
        send(body, "replies.other", "x");
        advance(100);
        EXPECT_THAT(dead_reason(), HasSubstr("JSON")) << body;
    }
    EXPECT_EQ(metrics.count("dead"), 5);
    EXPECT_FALSE(take("replies.other"));
    EXPECT_TRUE(queue_is_done());
}

TEST_F(ReceptionTest, AnUnusableTaskIsAnsweredWithAnError) {
    send(R"({"user_id":"77","type":"text","task_id":"9_1","data":"hi"})", "replies.other",
         "their-id");
    advance(100);
    const auto message = take("replies.other");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->correlation_id, "their-id");
    const auto reply = *parse_reply_message(message->body);
    EXPECT_FALSE(reply.success);
    EXPECT_EQ(reply.task, TaskId("9_1"));
    EXPECT_THAT(reply.message, HasSubstr("user_id"));
    EXPECT_EQ(metrics.count("dead"), 0);
}

TEST_F(ReceptionTest, AnUnusableTaskThatNobodyCanBeToldOfIsKeptAmongTheDead) {
    for (const auto* reply_to : {"", "no.such.queue", "tasks", "tasks.dead"}) {
        send("{}", reply_to, "x");
        advance(100);
        EXPECT_THAT(dead_reason(), HasSubstr("task_id")) << reply_to;
    }
    EXPECT_TRUE(queue_is_done());
}

TEST_F(ReceptionTest, BadMessagesDoNotBlockTheQueue) {
    for (int i = 0; i < 20; ++i) send("bad", "", "x");
    send_task("9_1", "Hello");
    EXPECT_EQ(task("9_1").status, TaskStatus::completed);
}

TEST_F(ReceptionTest, AnotherProducersTaskIsAcceptedRunAndAnsweredOnce) {
    send_task("9_1", "  Hello,   world  ");
    EXPECT_EQ(task("9_1").status, TaskStatus::completed);
    EXPECT_EQ(task("9_1").payload.data, "Hello, world");
    EXPECT_EQ(store.balances[TelegramId(77)], Credits(18));
    EXPECT_THAT(store.book, ElementsAre("charge 9_1 2"));
    const auto message = take("replies.other");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->correlation_id, "9_1");
    const auto reply = *parse_reply_message(message->body);
    EXPECT_TRUE(reply.success);
    EXPECT_EQ(reply.cost, Credits(2));
    EXPECT_EQ(reply.result_files.size(), 1U);
    EXPECT_FALSE(take("replies.other"));
    EXPECT_THAT(store.outbox, IsEmpty());
    EXPECT_TRUE(queue_is_done());
}

TEST_F(ReceptionTest, ARepeatedTaskIsAnsweredWithTheFirstResult) {
    send_task("9_1", "Hello, world");
    const auto first = take("replies.other");
    send_task("9_1", "Hello, world");
    const auto second = take("replies.other");
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->body, second->body);
    EXPECT_EQ(speech.synthesized.size(), 1U);
    EXPECT_THAT(store.book, SizeIs(1));
}

TEST_F(ReceptionTest, ARepeatedTaskThatStillRunsIsNotRunTwice) {
    speech.takes = Duration(20'000);
    send_task("9_1", "Hello, world");
    send_task("9_1", "Hello, world");
    EXPECT_EQ(broker_.unacknowledged(), 1U);
    advance(60'000);
    EXPECT_EQ(speech.synthesized.size(), 1U);
    EXPECT_TRUE(take("replies.other"));
    EXPECT_FALSE(take("replies.other"));
}

TEST_F(ReceptionTest, AnotherUsersResultIsNotGivenAway) {
    send_task("9_1", "Secret words");
    const auto first = reply("replies.other");
    send_task("9_1", "Hello", 78);
    const auto second = reply("replies.other");
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(second->success);
    EXPECT_EQ(second->task, TaskId("9_1"));
    EXPECT_NE(second->result_files, first->result_files);
    EXPECT_EQ(task("9_1.2").telegram, TelegramId(78));
    EXPECT_THAT(speech.synthesized, SizeIs(2));
}

TEST_F(ReceptionTest, ARepeatWithOtherWordsIsRefusedWhateverBecameOfTheFirst) {
    speech.takes = Duration(20'000);
    send_task("9_1", "Secret words");
    send_task("9_1", "Other words");
    expect_refused("replies.other");
    advance(60'000);
    EXPECT_TRUE(reply("replies.other")->success);
    send_task("9_1", "Other words");
    expect_refused("replies.other");
    send(R"({"user_id":77,"type":"voice","task_id":"9_1","data":"Secret words"})", "replies.other",
         "9_1");
    advance(5'000);
    expect_refused("replies.other");
    EXPECT_THAT(speech.synthesized, SizeIs(1));
    EXPECT_THAT(store.book, SizeIs(1));
}

TEST_F(ReceptionTest, AResultIsToldOnlyToTheQueueThatAskedFirst) {
    send_task("9_1", "Secret words");
    take("replies.other");
    spawn(broker_.declare(QueueName("replies.third")));
    send_task("9_1", "Secret words", 77, "replies.third");
    expect_refused("replies.third");
    EXPECT_FALSE(take("replies.other"));
}

TEST_F(ReceptionTest, ANameOfOurBotsTaskIsNoHindrance) {
    store.add("1_1", TaskType::text, "The user's own words", Credits(3));
    send_task("1_1", "A producer's words");
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1.2").payload.data, "A producer's words");
    EXPECT_TRUE(reply("replies.other")->success);
    ask("1_1");
    advance(5'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_THAT(speech.synthesized, SizeIs(2));
}

TEST_F(ReceptionTest, ATaskWithASuffixIsFoundByItsOwnMessage) {
    store.add("1_1", TaskType::text, "Another bot's", Credits(3)).telegram = TelegramId(2);
    store.add("1_1.2", TaskType::text, "Our bot's", Credits(1));
    ask("1_1.2");
    advance(5'000);
    EXPECT_EQ(task("1_1").status, TaskStatus::created);
    EXPECT_EQ(task("1_1.2").status, TaskStatus::completed);
    EXPECT_EQ(take("replies.bot")->correlation_id, "1_1.2");
}

TEST_F(ReceptionTest, AMessageOfAnEarlierReleaseIsOurBotsTask) {
    store.add("1_1", TaskType::text, "Hello", Credits(1));
    send_task("1_1", "Hello", 1, "replies.bot");
    EXPECT_EQ(task("1_1").status, TaskStatus::completed);
    EXPECT_EQ(store.tasks.size(), 1U);
}

TEST_F(ReceptionTest, AReplyIsCorrelatedAsItsProducerAsked) {
    send(encode(TaskMessage{TelegramId(77), TaskType::text, TaskId("9_1"), "Hello"}),
         "replies.other", "a-uuid");
    advance(5'000);
    EXPECT_EQ(take("replies.other")->correlation_id, "a-uuid");
}

TEST_F(ReceptionTest, ATextBeyondTheBotsLimitIsRefusedBeforeAnyoneIsRegistered) {
    send_task("9_1", std::string(max_text + 1, 'x'));
    const auto told = reply("replies.other");
    ASSERT_TRUE(told);
    EXPECT_FALSE(told->success);
    EXPECT_THAT(told->message, HasSubstr("100,000"));
    EXPECT_EQ(store.calls["accept"], 0);
    store.balances[TelegramId(77)] = Credits(20'000);
    std::string longest;
    for (std::size_t i = 0; i < max_text; ++i) longest += "\U0001F600";
    longest.replace(0, 4, "a");
    send_task("9_2", longest);
    EXPECT_EQ(store.calls["accept"], 1);
}

TEST_F(ReceptionTest, AQueueNameThatNoDatabaseTakesIsNoReplyQueue) {
    for (const auto* name : {"replies.\xff", "replies.\x01"}) {
        send_task("9_1", "Hello", 77, name);
        EXPECT_EQ(task("9_1").reply_to, "") << name;
    }
}

TEST_F(ReceptionTest, OurBotsFinishedTaskComingAgainIsAcknowledgedOnly) {
    store.add("1_1", TaskType::text, "Hello", Credits(1));
    ask("1_1");
    advance(1'000);
    ASSERT_TRUE(take("replies.bot"));
    ask("1_1");
    advance(1'000);
    EXPECT_FALSE(take("replies.bot"));
    EXPECT_EQ(metrics.count("duplicate lease"), 1);
    EXPECT_TRUE(queue_is_done());
}

TEST_F(ReceptionTest, WhoCannotPayIsToldAndNothingIsKept) {
    store.balances[TelegramId(77)] = Credits(1);
    send_task("9_1", "This text costs more than one credit.");
    const auto told = reply("replies.other");
    ASSERT_TRUE(told);
    EXPECT_FALSE(told->success);
    EXPECT_EQ(told->message, failure_text(Language::english, FailureReason::insufficient_credits));
    EXPECT_EQ(told->cost, Credits(0));
    EXPECT_THAT(store.tasks, IsEmpty());
    EXPECT_THAT(speech.synthesized, IsEmpty());
}

TEST_F(ReceptionTest, ABannedUserIsRefused) {
    store.banned.insert(TelegramId(77));
    send_task("9_1", "Hello");
    const auto told = reply("replies.other");
    ASSERT_TRUE(told);
    EXPECT_FALSE(told->success);
    EXPECT_EQ(told->message, render(Language::english, TextId::banned));
    EXPECT_THAT(speech.synthesized, IsEmpty());
}

TEST_F(ReceptionTest, ATextWithNothingToSayIsRefusedBeforeAnyoneIsRegistered) {
    send_task("9_1", " \n ... ");
    const auto told = reply("replies.other");
    ASSERT_TRUE(told);
    EXPECT_EQ(told->message, failure_text(Language::english, FailureReason::nothing_to_say));
    EXPECT_EQ(store.calls["accept"], 0);
}

TEST_F(ReceptionTest, ATaskThatWantsNoReplyIsRunAllTheSame) {
    send_task("9_1", "Hello", 77, "");
    EXPECT_EQ(task("9_1").status, TaskStatus::completed);
}

TEST_F(ReceptionTest, AnAcceptanceWhoseAnswerIsLostIsNotRepeated) {
    store.fail_after["accept"] = 1;
    send_task("9_1", "Hello");
    EXPECT_EQ(task("9_1").status, TaskStatus::completed);
    EXPECT_EQ(store.tasks.size(), 1U);
    EXPECT_THAT(store.book, SizeIs(1));
}

TEST_F(ReceptionTest, TheReplyOfADeadBrokerWaitsInTheOutbox) {
    // The queue is full, which the publisher takes as a reason to leave the row.
    inprocess::BrokerOptions full;
    full.other_capacity = 0;
    inprocess::InProcessBroker small(full);
    OutboxPublisher publisher(small, store);
    spawn(small.declare(QueueName("replies.other")));
    auto& added = store.add("9_1", TaskType::text, "Hello", Credits(1));
    added.status = TaskStatus::completed;
    added.reply_to = "replies.other";
    store.outbox.push_back({OutboxId(1), OutboxRecord::Kind::reply, added});
    spawn(publisher.publish(store.outbox[0]));
    advance(1'000);
    EXPECT_THAT(store.outbox, SizeIs(1));
}

}  // namespace
}  // namespace mlbilling::test
