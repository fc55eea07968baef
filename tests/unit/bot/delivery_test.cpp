#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Delivery : public BotWorld {
  protected:
    static std::string sentences(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += (i == 0 ? "" : " ") + std::string("A sentence.");
        return text;
    }
};

TEST_F(Delivery, ADatabaseThatIsDownWhileComposingOnlyDelays) {
    start();
    store.fail_next("current_prices");
    write("/balance");
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
    pass(Duration(10'000));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

TEST_F(Delivery, ATranscriptReplacesTheStatusMessage) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage");
    EXPECT_TRUE(status.silent);
    complete_voice(task, "Words.", 2);
    const auto edit = telegram.last("editMessageText");
    EXPECT_EQ(edit.message, status.message);
    EXPECT_EQ(edit.text, "Words.\n\n−2 · 18 left");
    EXPECT_THAT(edit.keyboard, IsEmpty());
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
}

TEST_F(Delivery, ALongTranscriptReplacesTheStatusMessageWithItsFirstPart) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    complete_voice(task, sentences(500), 2);
    EXPECT_EQ(telegram.last("editMessageText").message, status);
    const auto messages = telegram.of("sendMessage");
    ASSERT_THAT(messages, SizeIs(2));
    EXPECT_THAT(messages[1].text, HasSubstr("−2 · 18 left"));
    EXPECT_EQ(messages[1].reply_to, MessageId(1));
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
}

TEST_F(Delivery, AVeryLongTranscriptComesAsAFileAndTheStatusMessageGoes) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    complete_voice(task, sentences(2'000), 2);
    EXPECT_EQ(telegram.last("sendDocument").file.bytes, sentences(2'000));
    EXPECT_EQ(telegram.last("deleteMessage").message, status);
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
}

TEST_F(Delivery, AFailureReplacesTheStatusMessageAndIsNotCharged) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    fail(task, FailureReason::silence);
    EXPECT_EQ(telegram.last("editMessageText").text, "No speech can be heard. Not charged.");
    EXPECT_EQ(store.users.at(TelegramId(7)).account.balance, Credits(20));
}

TEST_F(Delivery, ASlowSendKeepsItsClaim) {
    start();
    const auto task = write("Hello");
    telegram.delay("sendVoice", options.claim_for * 4);
    store.fail_next("extend_claim");
    complete_text(task, {"one"}, 1);
    pass(options.claim_for * 5);
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, AnEditMayBeRepeatedAsOftenAsItTakes) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    for (int i = 0; i < 4; ++i) telegram.fail_next("editMessageText", Failure::ambiguous);
    complete_voice(task, "Words.", 1);
    pass(Duration(60'000));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_EQ(metrics.ambiguous, 0);
}

TEST_F(Delivery, WhatWasNotSentDoesNotCount) {
    start();
    const auto task = write("Hello");
    for (int i = 0; i < 6; ++i) telegram.fail_next("sendVoice", Failure::not_sent);
    complete_text(task, {"one"}, 1);
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendVoice"), 7U);
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, AChatThatCannotBeReachedIsGivenUp) {
    start();
    for (const auto failure : {Failure::forbidden, Failure::chat_not_found}) {
        telegram.fail_next("sendMessage", failure);
        write("/balance");
        EXPECT_EQ(store.deliveries.back().state, "dead");
        EXPECT_EQ(store.deliveries.back().detail, "scripted sendMessage");
    }
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
}

TEST_F(Delivery, AGroupThatBecameASupergroupGetsItsAnswerThere) {
    start();
    telegram.fail_next("sendMessage", Failure::migrated, {}, ChatId(-200));
    write("/help", group);
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(-200));
    EXPECT_EQ(store.deliveries.back().state, "sent");
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
}

TEST_F(Delivery, AGroupThatMigratesToItselfIsGivenUp) {
    start();
    telegram.fail_next("sendMessage", Failure::migrated, {}, ChatId(group));
    write("/help", group);
    EXPECT_EQ(store.deliveries.back().state, "dead");
}

TEST_F(Delivery, OneChatsAnswersComeInOrderAndOthersAtTheSameTime) {
    start();
    telegram.delay("sendMessage", Duration(2'000));
    telegram.push({UpdateId(200), message("/balance", 7)});
    telegram.push({UpdateId(201), message("/help", 7)});
    telegram.push({UpdateId(202), message("/balance", 8, 8)});
    clock.drain();
    auto sent = telegram.of("sendMessage");
    ASSERT_THAT(sent, SizeIs(2));
    EXPECT_EQ(sent[0].chat, ChatId(7));
    EXPECT_EQ(sent[1].chat, ChatId(8));
    pass(Duration(2'000));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("What I can do"));
    EXPECT_EQ(telegram.count("sendMessage"), 3U);
}

TEST_F(Delivery, OnlySoManyChatsAreAnsweredAtOnce) {
    options.deliveries_at_once = 2;
    start();
    telegram.delay("sendMessage", Duration(1'000));
    for (int i = 0; i < 5; ++i)
        telegram.push({UpdateId(200 + i), message("/balance", 10 + i, 10 + i)});
    clock.drain();
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendMessage"), 4U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendMessage"), 5U);
}

TEST_F(Delivery, TheSweepFindsWhatAnotherProcessLeft) {
    store.add_user(TelegramId(7));
    store.make_due(TelegramId(7), ChatId(7), {Notice::Kind::help, {}});
    start();
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    store.make_due(TelegramId(7), ChatId(7), {Notice::Kind::help, {}});
    store.fail_next("due_deliveries");
    pass(Duration(2'500));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    pass(Duration(2'000));
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
}

TEST_F(Delivery, AnotherProcesssStatusMessageIsRemovedBecauseThatMayStillRewriteIt) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    store.tasks.at(task).reply_to = "replies.another";
    store.complete(task, {"Words.", {}}, 1);
    pass(Duration(5'000));
    EXPECT_EQ(telegram.last("sendMessage").text, "Words.\n\n−1 · 19 left");
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
    EXPECT_EQ(telegram.last("deleteMessage").message, status);
}

}  // namespace
}  // namespace mlbilling::test
