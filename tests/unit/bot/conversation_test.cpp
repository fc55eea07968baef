#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Conversation : public BotWorld {
  protected:
    /// The one notice that the store was asked for; its kind.
    Notice::Kind only_notice() {
        EXPECT_THAT(store.deliveries, SizeIs(1));
        return store.deliveries.empty() ? Notice::Kind::help : store.deliveries[0].notice.kind;
    }
};

TEST_F(Conversation, APlainTextIsVoicedByItsCodePoints) {
    start();
    write("  Привет,\x01 \t мир 👋  ");
    ASSERT_THAT(store.requests, SizeIs(1));
    const auto& request = store.requests[0];
    EXPECT_EQ(request.type, TaskType::text);
    EXPECT_EQ(request.data, "Привет, мир 👋");
    EXPECT_EQ(request.claimed, Units(13));
    EXPECT_EQ(request.id, TaskId("7_1"));
    EXPECT_EQ(request.reply_to, "replies.test");
    EXPECT_EQ(request.place->chat, ChatId(7));
    EXPECT_EQ(request.place->message, MessageId(1));
    EXPECT_EQ(request.ask_above, Credits(50));
    EXPECT_EQ(request.start.credits, Credits(20));
    EXPECT_EQ(request.time_limit, options.task_time_limit);
    EXPECT_EQ(request.update->bot, BotId(42));
    EXPECT_EQ(request.update->update, UpdateId(100));
}

TEST_F(Conversation, AForwardedTextIsVoicedToo) {
    start();
    auto incoming = message("Forwarded");
    incoming.forwarded = true;
    arrive(incoming);
    EXPECT_EQ(store.requests.at(0).data, "Forwarded");
}

TEST_F(Conversation, EveryKindOfRecordingIsReadByItsClaimedLength) {
    using Kind = telegram::MediaFile::Kind;
    start();
    for (const auto kind :
         {Kind::voice, Kind::audio, Kind::video_note, Kind::video, Kind::document}) {
        auto incoming = message("a caption");
        incoming.forwarded = true;
        incoming.media = media(kind, Duration(83'000));
        if (kind == Kind::document) {
            incoming.media->mime_type = "video/mp4";
            incoming.media->duration.reset();
        }
        arrive(incoming);
        const auto& request = store.requests.back();
        EXPECT_EQ(request.type, TaskType::voice);
        EXPECT_EQ(request.data, "file");
        EXPECT_EQ(request.file_unique_id, "unique");
        EXPECT_EQ(request.claimed, Units(kind == Kind::document ? 0 : 83'000));
    }
    EXPECT_THAT(store.requests, SizeIs(5));
}

TEST_F(Conversation, AClaimThatCannotBeTrueIsBounded) {
    start();
    auto incoming = message("");
    incoming.media = media(telegram::MediaFile::Kind::voice, Duration(-5));
    arrive(incoming);
    EXPECT_EQ(store.requests.at(0).claimed, Units(0));
    incoming = message("");
    incoming.media = media(telegram::MediaFile::Kind::voice, Duration::max());
    arrive(incoming);
    // A day at half a credit a second is a question, not an overflow.
    EXPECT_EQ(store.requests.at(1).claimed, Units(86'400'000));
}

TEST_F(Conversation, ATextWithoutALetterOrDigitIsNotVoiced) {
    start();
    write("?!… 👍");
    EXPECT_THAT(store.requests, IsEmpty());
    EXPECT_EQ(only_notice(), Notice::Kind::nothing_to_say);
}

TEST_F(Conversation, ATextThatIsTooLongIsNotVoiced) {
    options.longest_text = 10;
    start();
    write("12345678901");
    EXPECT_EQ(only_notice(), Notice::Kind::text_too_long);
    write("1234567890");
    EXPECT_THAT(store.requests, SizeIs(1));
}

TEST_F(Conversation, AFileAboveTelegramsLimitIsNotRead) {
    start();
    auto incoming = message("");
    incoming.media = media();
    incoming.media->size = (std::int64_t{20} << 20) + 1;
    arrive(incoming);
    EXPECT_EQ(only_notice(), Notice::Kind::file_too_large);
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("20 MB"));
    incoming = message("");
    incoming.media = media();
    incoming.media->size = std::int64_t{20} << 20;
    arrive(incoming);
    EXPECT_THAT(store.requests, SizeIs(1));
}

TEST_F(Conversation, WhatIsOfNoUseIsSaidOnceForAWholeAlbum) {
    start();
    for (int i = 0; i < 5; ++i) arrive(message(""));
    auto pdf = message("");
    pdf.media = media(telegram::MediaFile::Kind::document);
    pdf.media->mime_type = "application/pdf";
    arrive(pdf);
    EXPECT_EQ(only_notice(), Notice::Kind::unsupported_content);
    pass(Duration(61'000));
    arrive(message(""));
    EXPECT_THAT(store.deliveries, SizeIs(2));
}

TEST_F(Conversation, EveryCommandIsAnswered) {
    const std::pair<const char*, Notice::Kind> commands[] = {
        {"/start", Notice::Kind::welcome},
        {"/help", Notice::Kind::help},
        {"/Balance", Notice::Kind::balance},
        {"/history", Notice::Kind::history},
        {"/language", Notice::Kind::language_menu},
        {"/voice", Notice::Kind::voice_menu},
        {"/SETTINGS", Notice::Kind::settings_menu},
        {"/privacy", Notice::Kind::privacy},
        {"/cancel", Notice::Kind::not_cancellable},
        {"баланс", Notice::Kind::balance},
        {"Balance?", Notice::Kind::balance},
        {"/start@speech_bot ref", Notice::Kind::welcome}};
    start();
    for (const auto& [text, kind] : commands) {
        write(text);
        EXPECT_EQ(store.deliveries.back().notice.kind, kind) << text;
        EXPECT_EQ(store.deliveries.back().state, "sent") << text;
    }
    EXPECT_THAT(store.deliveries, SizeIs(std::size(commands)));
    EXPECT_EQ(telegram.count("sendMessage"), std::size(commands));
    EXPECT_THAT(store.requests, IsEmpty());
}

TEST_F(Conversation, AnUnknownCommandIsNeitherVoicedNorCharged) {
    start();
    write("/foo");
    EXPECT_EQ(only_notice(), Notice::Kind::unknown_command);
    write("/");
    write("/ read this aloud");
    EXPECT_THAT(store.deliveries, SizeIs(3));
    EXPECT_THAT(store.requests, IsEmpty());
    EXPECT_EQ(store.users.at(TelegramId(7)).account.balance, Credits(20));
}

TEST_F(Conversation, ACommandForAnotherBotIsIgnored) {
    start();
    write("/start@other_bot");
    write("/help@other_bot", group);
    EXPECT_EQ(store.transactions, 0);
    EXPECT_THAT(telegram.calls, IsEmpty());
}

TEST_F(Conversation, ANewUserIsWelcomedInTheirLanguageWithTheGrant) {
    start();
    auto incoming = message("/start");
    incoming.from->language_code = "uk";
    arrive(incoming);
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("Вам начислено: 20 кредитов"));
    arrive(message("/start"));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("На счету: 20 кредитов"));
}

TEST_F(Conversation, ABannedUserIsToldSoAndGetsNothingButTheirOwnData) {
    store.add_user(TelegramId(7)).role = Role::banned;
    start();
    write("Hello");
    write("/start");
    write("/balance");
    write("/privacy");
    EXPECT_THAT(store.tasks, IsEmpty());
    EXPECT_THAT(telegram.summary(),
                ElementsAre(HasSubstr("You have no access"), HasSubstr("You have no access"),
                            HasSubstr("Your balance"), HasSubstr("What I keep")));
}

TEST_F(Conversation, WithoutEnoughCreditsThePriceAndTheBalanceAreNamed) {
    store.add_user(TelegramId(7), Language::russian, 1);
    start();
    write("Двадцать один знак здесь");
    EXPECT_THAT(telegram.summary(),
                ElementsAre(HasSubstr("Это стоит 3 кредита, а на счету 1 кредит. Не хватает: 2.")));
    EXPECT_THAT(broker.published, IsEmpty());
}

TEST_F(Conversation, FiftyTextsOnOneCreditRunOnce) {
    store.add_user(TelegramId(7), Language::english, 1);
    start();
    for (int i = 0; i < 50; ++i) telegram.push({UpdateId(200 + i), message("Hello")});
    pass(Duration(100));
    EXPECT_THAT(broker.published, SizeIs(1));
    EXPECT_EQ(telegram.count("sendMessage"), 49U);
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("Please wait"));
}

TEST_F(Conversation, AnUpdateOfAnotherKindIsPassedOver) {
    start();
    telegram.push({UpdateId(300), std::monostate{}});
    pass(Duration(2'000));
    EXPECT_EQ(telegram.offsets.back(), 301);
    EXPECT_EQ(store.transactions, 0);
}

}  // namespace
}  // namespace mlbilling::test
