#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class Delivery : public BotWorld {
  protected:
    static std::string sentences(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += (i == 0 ? "" : " ") + std::string("A sentence.");
        return text;
    }
    /// The texts, captions and methods since the last look.
    std::vector<std::string> news() {
        auto all = telegram.summary();
        std::vector<std::string> fresh(all.begin() + static_cast<std::ptrdiff_t>(seen_), all.end());
        seen_ = all.size();
        return fresh;
    }

  private:
    std::size_t seen_ = 0;
};

TEST_F(Delivery, SeveralVoicesComeInOrderAsRepliesAndTheLastBearsTheReceipt) {
    start();
    const auto task = write(std::string(90, 'a'));
    complete_text(task, {"one", "two", "three"}, 9);
    const auto voices = telegram.of("sendVoice");
    ASSERT_THAT(voices, SizeIs(3));
    EXPECT_EQ(voices[0].text, "1/3");
    EXPECT_EQ(voices[1].text, "2/3");
    EXPECT_EQ(voices[2].text, "3/3 · −9 · 11 left");
    EXPECT_EQ(voices[2].file.bytes, "three");
    for (const auto& voice : voices) EXPECT_EQ(voice.reply_to, MessageId(1));
    EXPECT_THAT(store.delivery_of(task).file_ids, SizeIs(3));
}

TEST_F(Delivery, ManyVoicesArePacedAfterABurst) {
    start();
    const auto task = write("Hello");
    complete_text(task, {"1", "2", "3", "4", "5"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 3U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendVoice"), 4U);
    pass(Duration(1'000));
    EXPECT_EQ(telegram.count("sendVoice"), 5U);
}

TEST_F(Delivery, AnAnswerThatWasCutOffGoesOnWhereItStopped) {
    start();
    const auto task = write(std::string(30, 'a'));
    telegram.fail_next("sendVoice", Failure::too_many_requests, Duration(4'000));
    store.complete(task, {"", {{ResultKey("a"), {}}, {ResultKey("b"), {}}, {ResultKey("c"), {}}}},
                   3);
    for (const auto* key : {"a", "b", "c"}) results.blobs[ResultKey(key)] = key;
    store.delivery_of(task).parts_sent = 1;
    broker.reply(task.value());
    clock.drain();
    EXPECT_THAT(news(), ElementsAre("sendChatAction: record_voice", "sendVoice: 2/3"));
    EXPECT_EQ(store.delivery_of(task).attempt, 0);
    pass(Duration(4'000));
    EXPECT_THAT(news(), IsEmpty());
    pass(Duration(2'500));
    EXPECT_THAT(news(), ElementsAre("sendVoice: 2/3", "sendVoice: 3/3 · −3 · 17 left"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, WhereVoicesAreForbiddenAnAudioComesAndSaysWhy) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    complete_text(task, {"one", "two"}, 2);
    EXPECT_THAT(news(),
                ElementsAre("sendChatAction: record_voice", "sendVoice: 1/2",
                            "sendAudio: Voice messages are not allowed here, so this is an audio "
                            "file.\n1/2",
                            "sendAudio: 2/2 · −2 · 18 left"));
    EXPECT_EQ(telegram.last("sendAudio").file.bytes, "two");
}

TEST_F(Delivery, WhereAudioIsForbiddenTooADocumentComes) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    telegram.fail_next("sendAudio", Failure::voice_forbidden);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendDocument").text,
                StartsWith("Voice messages and audio are not allowed here, so this is a file."));
    EXPECT_THAT(telegram.last("sendDocument").text, HasSubstr("−2 · 18 left"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, WhereNoFormIsAllowedTheUserIsToldHonestly) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::voice_forbidden);
    telegram.fail_next("sendAudio", Failure::voice_forbidden);
    telegram.fail_next("sendDocument", Failure::voice_forbidden);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendMessage").text,
                HasSubstr("neither as a voice message nor as a file"));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, AVoiceThatTelegramDoesNotTakeComesAsAFileWithoutBlamingTheUser) {
    start();
    const auto task = write(std::string(20, 'a'));
    telegram.fail_next("sendVoice", Failure::bad_request);
    complete_text(task, {"one"}, 2);
    EXPECT_THAT(telegram.last("sendAudio").text,
                StartsWith("Telegram did not take this as a voice"));
}

TEST_F(Delivery, AVoiceThatIsLostIsToldHonestly) {
    start();
    const auto task = write(std::string(20, 'a'));
    store.complete(task, {"", {{ResultKey("gone"), {}}}}, 2);
    broker.reply(task.value());
    clock.drain();
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("got lost on our side"));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("Charged: 2 credits."));
}

TEST_F(Delivery, AResultStoreThatIsDownOnlyDelays) {
    start();
    const auto task = write(std::string(20, 'a'));
    results.failing = 2;
    complete_text(task, {"one"}, 2);
    EXPECT_EQ(telegram.count("sendVoice"), 0U);
    EXPECT_EQ(store.delivery_of(task).attempt, 0);
    pass(Duration(20'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(metrics.ambiguous, 0);
}

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

TEST_F(Delivery, AVoiceRemovesTheStatusMessageAfterItWasSent) {
    start();
    const auto task = write("Hello");
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    news();
    complete_text(task, {"one"}, 1);
    EXPECT_THAT(news(), ElementsAre("sendVoice: −1 · 19 left", "deleteMessage"));
    EXPECT_EQ(telegram.last("deleteMessage").message, status);
}

TEST_F(Delivery, AFailureReplacesTheStatusMessageAndIsNotCharged) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    fail(task, FailureReason::silence);
    EXPECT_EQ(telegram.last("editMessageText").text, "No speech can be heard. Not charged.");
    EXPECT_EQ(store.users.at(TelegramId(7)).account.balance, Credits(20));
}

TEST_F(Delivery, AnAmbiguousEndIsTriedOnceMoreAndThenLeft) {
    start();
    const auto task = write("Hello");
    telegram.fail_next("sendVoice", Failure::ambiguous);
    telegram.fail_next("sendVoice", Failure::ambiguous);
    complete_text(task, {"one"}, 1);
    pass(Duration(300'000));
    EXPECT_EQ(telegram.count("sendVoice"), 2U);
    EXPECT_EQ(store.delivery_of(task).state, "unknown");
    EXPECT_EQ(metrics.ambiguous, 2);
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
    for (const auto failure : {Failure::forbidden, Failure::chat_not_found, Failure::bad_request}) {
        telegram.fail_next("sendMessage", failure);
        write("/balance");
        EXPECT_EQ(store.deliveries.back().state, "dead");
        EXPECT_EQ(store.deliveries.back().detail, "scripted sendMessage");
    }
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendMessage"), 3U);
}

TEST_F(Delivery, AGroupThatBecameASupergroupGetsItsAnswerThere) {
    start();
    telegram.fail_next("sendMessage", Failure::migrated, {}, ChatId(-200));
    write("/balance", group);
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(-200));
    EXPECT_EQ(store.deliveries.back().state, "sent");
    EXPECT_EQ(telegram.count("sendMessage"), 2U);
}

TEST_F(Delivery, AGroupThatMigratesToItselfIsGivenUp) {
    start();
    telegram.fail_next("sendMessage", Failure::migrated, {}, ChatId(group));
    write("/balance", group);
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

TEST_F(Delivery, AResultIsSentOnceHoweverManyRepliesCome) {
    start();
    const auto task = write("Hello");
    complete_text(task, {"one"}, 1);
    broker.reply(task.value());
    broker.reply(task.value());
    pass(Duration(10'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_THAT(broker.acknowledged, SizeIs(3));
}

TEST_F(Delivery, ALastMarkThatIsNotSeenIsMadeAgainAndNothingIsSentTwice) {
    start();
    const auto task = write("Hello");
    store.lose_next_answer("part_sent");
    complete_text(task, {"one"}, 1);
    pass(Duration(300'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(Delivery, AMarkInBetweenIsNeverMadeTwiceSoThatNoPartIsSkipped) {
    start();
    const auto task = write("Hello");
    store.lose_next_answer("part_sent");
    complete_text(task, {"one", "two", "three"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    pass(Duration(120'000));
    std::vector<std::string> bytes;
    for (const auto& call : telegram.of("sendVoice")) bytes.push_back(call.file.bytes);
    EXPECT_THAT(bytes, ElementsAre("one", "two", "three"));
    EXPECT_EQ(store.delivery_of(task).parts_sent, 3);
}

TEST_F(Delivery, AMarkThatCannotBeMadeLeadsToOneDuplicateAtMost) {
    start();
    const auto task = write("Hello");
    store.fail_next("part_sent", 100);
    complete_text(task, {"one"}, 1);
    pass(Duration(1'000'000));
    EXPECT_EQ(telegram.count("sendVoice"), 2U);
}

TEST_F(Delivery, StoppingLeavesTheRestOfALongAnswerToTheNextProcess) {
    start();
    const auto task = write("Hello");
    telegram.delay("sendVoice", Duration(1'000));
    complete_text(task, {"1", "2", "3", "4", "5"}, 1);
    pass(Duration(1'500));
    bot->stop();
    pass(Duration(1'000));
    EXPECT_TRUE(ended);
    EXPECT_EQ(store.delivery_of(task).parts_sent, 2);
    EXPECT_EQ(store.delivery_of(task).state, "pending");
}

TEST_F(Delivery, AClaimThatFailsIsLeftToTheSweep) {
    start();
    store.fail_next("claim", 2);
    write("/balance");
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
    pass(Duration(5'000));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

}  // namespace
}  // namespace mlbilling::test
