#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Balances are nobody else's business.
class Discretion : public BotWorld {};

TEST_F(Discretion, ABalanceAskedForInAGroupIsToldInPrivate) {
    start();
    for (const auto* text : {"/balance", "/history", "@speech_bot balance"}) {
        write(text, group);
        EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(chat)) << text;
        EXPECT_EQ(telegram.last("sendMessage").reply_to, std::nullopt);
    }
}

TEST_F(Discretion, WhoNeverWroteToTheBotIsToldWhere) {
    start();
    telegram.fail_next("sendMessage", Failure::forbidden);
    write("/balance", group);
    const auto told = telegram.last("sendMessage");
    EXPECT_EQ(told.chat, ChatId(group));
    EXPECT_EQ(told.reply_to, MessageId(1));
    EXPECT_THAT(told.text, HasSubstr("https://t.me/speech_bot"));
    EXPECT_THAT(told.text, Not(HasSubstr("20")));
    EXPECT_EQ(store.deliveries.back().state, "sent");
}

TEST_F(Discretion, TheGapIsToldInPrivate) {
    store.add_user(TelegramId(7), Language::english, 1);
    start();
    write("@speech_bot " + std::string(100, 'a'), group);
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(chat));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("Missing"));
}

TEST_F(Discretion, NothingInAGroupNamesABalance) {
    store.add_user(TelegramId(7), Language::english, 987);
    start();
    write("/start", group);
    write("@speech_bot " + std::string(600, 'a'), group);
    const auto task = write("@speech_bot hello", group);
    complete_text(task, {"one"}, 1);
    for (const auto& call : telegram.calls) {
        if (call.chat != ChatId(group)) continue;
        EXPECT_THAT(call.text, Not(HasSubstr("987")));
        EXPECT_THAT(call.text, Not(HasSubstr("986")));
    }
    EXPECT_EQ(telegram.last("sendVoice").text, "−1");
}

TEST_F(Discretion, TalkCostsNothingAndRegistersNobody) {
    start();
    auto thanks = message("thanks!", group, 8);
    thanks.replies_to_bot = true;
    thanks.reply_to = MessageId(4);
    arrive(thanks);
    write("ask @speech_bot about it", group);
    write("nice voice, @speech_bot!", group);
    EXPECT_EQ(store.transactions, 0);
    EXPECT_THAT(store.users, IsEmpty());
    EXPECT_THAT(telegram.calls, IsEmpty());
}

TEST_F(Discretion, ATextInAGroupIsReadWhenItIsAskedFor) {
    start();
    write("/say good morning", group);
    EXPECT_EQ(store.requests.back().data, "good morning");
    write("/say@speech_bot good night", group);
    EXPECT_EQ(store.requests.back().data, "good night");
    auto reply = message("/say", group, 8);
    reply.reply_to = MessageId(4);
    reply.reply_to_text = "what they wrote";
    arrive(reply);
    EXPECT_EQ(store.requests.back().data, "what they wrote");
    EXPECT_EQ(store.requests.back().sender.telegram, TelegramId(8));
    write("@speech_bot, good day", group);
    EXPECT_EQ(store.requests.back().data, ", good day");
    const auto requests = store.requests.size();
    write("/say", group);
    write("/say@another_bot hello", group);
    EXPECT_EQ(store.requests.size(), requests);
    EXPECT_EQ(store.deliveries.back().notice.kind, Notice::Kind::say_what);
}

}  // namespace
}  // namespace mlbilling::test
