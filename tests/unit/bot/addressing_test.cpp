#include "bot/addressing.hpp"

#include <gtest/gtest.h>

namespace mlbilling::bot {
namespace {

constexpr auto name = "speech_bot";

telegram::IncomingMessage in_group(std::string text) {
    telegram::IncomingMessage message;
    message.id = MessageId(5);
    message.chat = {ChatId(-100), telegram::ChatKind::group};
    message.from = telegram::User{TelegramId(7), false, "u", "U", "en"};
    message.text = std::move(text);
    return message;
}

telegram::MediaFile file(telegram::MediaFile::Kind kind, std::string type = "",
                         std::string file_name = "") {
    telegram::MediaFile media;
    media.kind = kind;
    media.file_id = "id";
    media.mime_type = std::move(type);
    media.file_name = std::move(file_name);
    return media;
}

TEST(Addressing, OrdinaryTalkInAGroupIsNotForTheBot) {
    EXPECT_FALSE(request_in(in_group("hello everybody"), name));
    EXPECT_FALSE(request_in(in_group("баланс"), name));
    EXPECT_FALSE(request_in(in_group("@speech_bot_2 hello"), name));
    EXPECT_FALSE(request_in(in_group("mail me at x@speech_bot"), name));
    auto voice = in_group("");
    voice.media = file(telegram::MediaFile::Kind::voice);
    EXPECT_FALSE(request_in(voice, name));
    auto reply = in_group("nice voice");
    reply.reply_to = MessageId(4);
    reply.reply_to_media = file(telegram::MediaFile::Kind::voice);
    EXPECT_FALSE(request_in(reply, name));
}

TEST(Addressing, ATextIsForTheBotWhenItBeginsWithAMention) {
    for (const auto* text :
         {"@speech_bot hello there", "@Speech_Bot hello there",
          "@speech_bot @speech_bot hello there", "@speech_bot hello there @SPEECH_BOT"}) {
        const auto request = request_in(in_group(text), name);
        ASSERT_TRUE(request) << text;
        EXPECT_EQ(request->text, "hello there");
        EXPECT_FALSE(request->quoted);
    }
    EXPECT_EQ(request_in(in_group("@speech_bot hello, @speech_bot, there"), name)->text,
              "hello, , there");
}

TEST(Addressing, AMentionInAReplyMeansWhatIsRepliedTo) {
    auto reply = in_group("@speech_bot please");
    reply.reply_to = MessageId(4);
    reply.reply_to_media = file(telegram::MediaFile::Kind::voice);
    auto request = request_in(reply, name);
    ASSERT_TRUE(request && request->media);
    EXPECT_TRUE(request->quoted);

    reply.reply_to_media.reset();
    reply.reply_to_text = "  read me\naloud ";
    request = request_in(reply, name);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->text, "read me\naloud");
    EXPECT_TRUE(request->quoted);
}

TEST(Addressing, AMentionWithARecordingOrCommandOfItsOwnMeansThat) {
    auto own = in_group("@speech_bot");
    own.media = file(telegram::MediaFile::Kind::voice);
    own.reply_to = MessageId(4);
    own.reply_to_text = "not this";
    EXPECT_FALSE(request_in(own, name)->quoted);
    EXPECT_TRUE(request_in(own, name)->media);

    auto command = in_group("@speech_bot /balance");
    command.reply_to = MessageId(4);
    command.reply_to_text = "not this";
    EXPECT_EQ(request_in(command, name)->text, "/balance");
    EXPECT_FALSE(request_in(command, name)->quoted);
}

TEST(Addressing, TalkAboutTheBotAndUnderItsMessagesIsNotForTheBot) {
    EXPECT_FALSE(request_in(in_group("ask @speech_bot about it"), name));
    EXPECT_FALSE(request_in(in_group("nice one, @speech_bot"), name));
    auto reply = in_group("thanks!");
    reply.replies_to_bot = true;
    reply.reply_to = MessageId(4);
    EXPECT_FALSE(request_in(reply, name));
    reply.reply_to_media = file(telegram::MediaFile::Kind::voice);
    EXPECT_FALSE(request_in(reply, name));
    reply.text = "thanks, @speech_bot!";
    EXPECT_FALSE(request_in(reply, name));
    reply.replies_to_bot = false;
    reply.reply_to_media.reset();
    reply.reply_to_text = "what somebody wrote";
    EXPECT_FALSE(request_in(reply, name)) << "a text of somebody's is not voiced for a remark";
}

TEST(Addressing, ARecordingThatAnswersTheBotIsForTheBot) {
    auto reply = in_group("");
    reply.media = file(telegram::MediaFile::Kind::voice);
    reply.replies_to_bot = true;
    reply.reply_to = MessageId(4);
    EXPECT_TRUE(request_in(reply, name)->media);
    reply.replies_to_bot = false;
    EXPECT_FALSE(request_in(reply, name));
    reply.text = "please, @speech_bot";
    EXPECT_TRUE(request_in(reply, name)->media);
}

TEST(Addressing, AMentionInAnAnswerToSomeonesRecordingMeansThatOne) {
    auto reply = in_group("what do they say, @speech_bot?");
    reply.reply_to = MessageId(4);
    reply.reply_to_media = file(telegram::MediaFile::Kind::voice);
    ASSERT_TRUE(request_in(reply, name));
    EXPECT_TRUE(request_in(reply, name)->media);
    EXPECT_TRUE(request_in(reply, name)->quoted);
}

TEST(Addressing, AMentionInAnAnswerToTheBotMeansItsOwnText) {
    auto reply = in_group("@speech_bot and this too");
    reply.replies_to_bot = true;
    reply.reply_to = MessageId(4);
    reply.reply_to_text = "something the bot wrote";
    EXPECT_EQ(request_in(reply, name)->text, "and this too");
    EXPECT_FALSE(request_in(reply, name)->quoted);
}

TEST(Addressing, CommandsInGroupsAreSeenButNotCertainlyOurs) {
    EXPECT_FALSE(request_in(in_group("/weather"), name)->certain);
    EXPECT_TRUE(request_in(in_group("@speech_bot /weather"), name)->certain);
}

TEST(Addressing, NobodyWithoutANameAndNoBotIsServed) {
    auto anonymous = in_group("/balance");
    anonymous.from.reset();
    EXPECT_FALSE(request_in(anonymous, name));
    auto from_bot = in_group("/balance");
    from_bot.from->is_bot = true;
    EXPECT_FALSE(request_in(from_bot, name));
}

TEST(Addressing, InAPrivateChatEverythingIsForTheBot) {
    auto message = in_group("  hello \x01 there ");
    message.chat.kind = telegram::ChatKind::private_chat;
    message.forwarded = true;
    EXPECT_EQ(request_in(message, name)->text, "hello there");
    EXPECT_TRUE(request_in(message, name)->certain);
}

}  // namespace
}  // namespace mlbilling::bot
