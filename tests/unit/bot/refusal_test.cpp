#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// What chats refuse for good.
class Refusals : public BotWorld {
  protected:
    void fail(const std::string& method, Failure failure, int times) {
        for (int i = 0; i < times; ++i) telegram.fail_next(method, failure);
    }
    TaskId voice_in(std::int64_t chat_id) {
        return write(chat_id < 0 ? "@speech_bot " + std::string(20, 'a') : std::string(20, 'a'),
                     chat_id);
    }
};

TEST_F(Refusals, AnAnswerWhoseRequestIsGoneComesWithoutTheReply) {
    start();
    fail("sendVoice", Failure::reply_gone, 1);
    const auto task = voice_in(chat);
    complete_text(task, {"one"}, 2);
    const auto sent = telegram.of("sendVoice");
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].reply_to, MessageId(1));
    EXPECT_EQ(sent[1].reply_to, std::nullopt);
    EXPECT_EQ(sent[1].file.bytes, "one");
    EXPECT_EQ(store.delivery_of(task).state, "sent");
    EXPECT_THAT(metrics.refused, IsEmpty());
}

TEST_F(Refusals, AnAnswerForAClosedTopicComesWithoutTheReplyAndThenInGeneral) {
    start();
    auto asking = message("@speech_bot " + std::string(20, 'a'), group);
    asking.topic = MessageId(77);
    fail("sendVoice", Failure::topic_closed, 2);
    arrive(asking);
    complete_text(TaskId("-100_1"), {"one"}, 2);
    const auto sent = telegram.of("sendVoice");
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[0].topic, MessageId(77));
    EXPECT_EQ(sent[0].reply_to, MessageId(1));
    EXPECT_EQ(sent[1].topic, MessageId(77));
    EXPECT_EQ(sent[1].reply_to, std::nullopt);
    EXPECT_EQ(sent[2].topic, std::nullopt);
    EXPECT_EQ(store.delivery_of(TaskId("-100_1")).state, "sent");
}

TEST_F(Refusals, ANoticeThatIsRefusedComesWithoutTheReply) {
    start();
    fail("sendMessage", Failure::write_forbidden, 1);
    write("/help", group);
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
    EXPECT_EQ(telegram.last("sendMessage").reply_to, std::nullopt);
    EXPECT_EQ(store.deliveries.back().state, "sent");
}

TEST_F(Refusals, WhatAGroupRefusesForGoodIsPaidBackAndToldInPrivate) {
    start();
    fail("sendVoice", Failure::write_forbidden, 2);
    const auto task = voice_in(group);
    complete_text(task, {"one"}, 2);
    EXPECT_EQ(store.delivery_of(task).state, "dead");
    EXPECT_THAT(store.refunds, ElementsAre(Pair(task, Credits(2))));
    EXPECT_THAT(metrics.refused, ElementsAre("no_rights refunded"));
    pass(Duration(3'000));
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(chat));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("2 credits came back"));
}

TEST_F(Refusals, ATopicThatIsClosedForEverythingIsPaidBack) {
    start();
    fail("sendVoice", Failure::topic_closed, 9);
    const auto task = voice_in(chat);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(store.refunds, ElementsAre(Pair(task, Credits(2))));
    EXPECT_THAT(metrics.refused, ElementsAre("topic refunded"));
}

TEST_F(Refusals, WhatArrivedInPartIsOfferedInPrivateAndNotPaidBack) {
    start();
    const auto task = voice_in(group);
    store.complete(task, {"", {{ResultKey("a"), {}}, {ResultKey("b"), {}}}}, 2);
    for (const auto* key : {"a", "b"}) results.blobs[ResultKey(key)] = key;
    store.delivery_of(task).parts_sent = 1;
    fail("sendVoice", Failure::forbidden, 1);
    broker.reply(task.value());
    pass(Duration(3'000));
    EXPECT_THAT(store.refunds, IsEmpty());
    EXPECT_THAT(metrics.refused, ElementsAre("unreachable offered"));
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(chat));
    EXPECT_EQ(telegram.last("sendMessage").keyboard.at(0).at(0).data, "again:" + task.value());
}

TEST_F(Refusals, AUserWhoBlocksTheBotIsOfferedTheResultWhenTheyComeBack) {
    start();
    fail("sendVoice", Failure::forbidden, 1);
    const auto task = voice_in(chat);
    complete_text(task, {"one"}, 2);
    EXPECT_EQ(store.delivery_of(task).state, "dead");
    EXPECT_THAT(store.refunds, IsEmpty());
    EXPECT_THAT(metrics.refused, ElementsAre("unreachable kept"));

    pass(Duration(60'000));
    write("/start");
    pass(Duration(3'000));
    const auto offer = telegram.last("sendMessage");
    EXPECT_THAT(offer.text, HasSubstr("I kept it"));
    EXPECT_EQ(offer.keyboard.at(0).at(0).data, "again:" + task.value());
    arrive(press("again:" + task.value(), offer.message->value()));
    EXPECT_EQ(telegram.last("sendVoice").file.bytes, "one");
    EXPECT_EQ(store.users.at(TelegramId(chat)).account.balance, Credits(18));
}

TEST_F(Refusals, WhatAGroupTakesInNoFormIsPaidBack) {
    start();
    fail("sendVoice", Failure::voice_forbidden, 1);
    fail("sendAudio", Failure::voice_forbidden, 1);
    fail("sendDocument", Failure::voice_forbidden, 1);
    const auto task = voice_in(group);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(store.refunds, ElementsAre(Pair(task, Credits(2))));
    EXPECT_THAT(metrics.refused, ElementsAre("files_forbidden refunded"));
    pass(Duration(3'000));
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(chat));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("2 credits came back"));
}

TEST_F(Refusals, AUserWhoForbidsFilesGetsTheResultAfterChangingThat) {
    start();
    fail("sendVoice", Failure::voice_forbidden, 1);
    fail("sendAudio", Failure::voice_forbidden, 1);
    fail("sendDocument", Failure::voice_forbidden, 1);
    const auto task = voice_in(chat);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(store.refunds, IsEmpty());
    const auto told = telegram.last("sendMessage");
    EXPECT_EQ(told.keyboard.at(0).at(0).data, "again:" + task.value());
    arrive(press("again:" + task.value(), told.message->value()));
    EXPECT_EQ(telegram.last("sendVoice").file.bytes, "one");
}

TEST_F(Refusals, AFailureThatCannotBeToldCostsNothing) {
    start();
    fail("sendMessage", Failure::forbidden, 1);
    const auto task = record();
    BotWorld::fail(task, FailureReason::silence);
    EXPECT_EQ(store.delivery_of(task).state, "dead");
    EXPECT_THAT(metrics.refused, ElementsAre("unreachable nothing_paid"));
    EXPECT_THAT(store.refunds, IsEmpty());
}

/// Topics of forums.
class Topics : public Refusals {
  protected:
    void SetUp() override { start(); }
    telegram::IncomingMessage in_topic(std::string text) {
        auto asking = message(std::move(text), group);
        asking.topic = MessageId(77);
        return asking;
    }
};

TEST_F(Topics, EverythingThatAnswersAMessageGoesIntoItsTopic) {
    arrive(in_topic("@speech_bot " + std::string(20, 'a')));
    EXPECT_EQ(telegram.last("sendChatAction").topic, MessageId(77));
    pass(Duration(1'500));
    EXPECT_EQ(telegram.last("sendMessage").topic, MessageId(77)) << "the status message";
    complete_text(TaskId("-100_1"), {"one"}, 2);
    EXPECT_EQ(telegram.last("sendVoice").topic, MessageId(77));
    arrive(in_topic("/settings"));
    EXPECT_EQ(telegram.last("sendMessage").topic, MessageId(77));
    store.add_user(TelegramId(7)).account.balance = Credits(500);
    arrive(in_topic("@speech_bot " + std::string(600, 'a')));
    EXPECT_THAT(telegram.last("sendMessage").keyboard.at(0).at(0).data, HasSubstr("go:"));
    EXPECT_EQ(telegram.last("sendMessage").topic, MessageId(77)) << "the question";
}

TEST_F(Topics, WhatIsAskedForByAButtonGoesIntoItsTopic) {
    auto query = press("sample:anna", 600);
    query.chat = telegram::Chat{ChatId(group), telegram::ChatKind::group};
    query.topic = MessageId(77);
    store.buttons[{ChatId(group), MessageId(600)}] = {ButtonMessage::menu, TelegramId(7)};
    arrive(query);
    EXPECT_EQ(telegram.last("sendVoice").topic, MessageId(77));
    query.data = "menu:settings";
    telegram.fail_next("editMessageText", Failure::message_gone);
    arrive(query);
    EXPECT_EQ(telegram.last("sendMessage").topic, MessageId(77));
}

TEST_F(Topics, OneTopicsChatActionDoesNotEndAnothers) {
    arrive(in_topic("@speech_bot " + std::string(20, 'a')));
    auto other = message("@speech_bot " + std::string(20, 'a'), group);
    other.topic = MessageId(78);
    arrive(other);
    EXPECT_EQ(telegram.last("sendChatAction").topic, MessageId(78));
    complete_text(TaskId("-100_2"), {"two"}, 2);
    pass(Duration(5'000));
    EXPECT_EQ(telegram.last("sendChatAction").topic, MessageId(77));
}

TEST_F(Topics, ADatabaseThatIsDownWhileTheTopicIsLookedUpOnlyDelays) {
    store.fail_next("topic_of");
    arrive(in_topic("/help"));
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
    pass(Duration(10'000));
    EXPECT_EQ(telegram.last("sendMessage").topic, MessageId(77));
}

}  // namespace
}  // namespace mlbilling::test
