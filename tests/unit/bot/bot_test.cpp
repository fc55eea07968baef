#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(BotWorld, AQuickTextMakesOneChatActionAndOneVoiceWithTheReceipt) {
    start();
    const auto task = write("Hello there, world!");
    pass(Duration(400));
    complete_text(task, {"voice"});
    pass(Duration(20'000));
    EXPECT_THAT(telegram.summary(),
                ElementsAre("sendChatAction: record_voice", "sendVoice: −2 · 18 left"));
    const auto voice = telegram.last("sendVoice");
    EXPECT_EQ(voice.file.bytes, "voice");
    EXPECT_EQ(voice.file.duration, Duration(1'500));
    EXPECT_EQ(voice.file.mime_type, "audio/ogg");
    EXPECT_EQ(voice.reply_to, MessageId(1));
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(BotWorld, AQuickRecordingMakesOneChatActionAndOneTextWithTheReceipt) {
    start();
    const auto task = record();
    pass(Duration(400));
    complete_voice(task, "So it was said.");
    pass(Duration(20'000));
    EXPECT_THAT(telegram.summary(), ElementsAre("sendChatAction: typing",
                                                "sendMessage: So it was said.\n\n−2 · 18 left"));
    EXPECT_EQ(telegram.last("sendMessage").reply_to, MessageId(1));
}

TEST_F(BotWorld, TheTaskGoesToTheWorkersWithItsIdAndOurQueue) {
    start();
    const auto task = write("Hello");
    ASSERT_EQ(broker.published.size(), 1U);
    const auto& [queue, message] = broker.published.front();
    EXPECT_EQ(queue, task_queue());
    EXPECT_EQ(message.correlation_id, task.value());
    EXPECT_EQ(message.reply_to, "replies.test");
    EXPECT_THAT(store.outbox, IsEmpty());
}

TEST_F(BotWorld, ABrokerThatIsDownCostsNothingButTime) {
    start();
    broker.down = true;
    const auto task = write("Hello");
    EXPECT_EQ(store.outbox.size(), 1U);
    // No reply comes through the broker; the sweep finds the result.
    store.complete(task, {"", {{ResultKey("k"), Duration(1)}}}, 1);
    results.blobs[ResultKey("k")] = "voice";
    pass(Duration(3'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
}

TEST_F(BotWorld, ARepeatedUpdateChangesNothing) {
    start();
    auto incoming = message("Hello");
    telegram.push({UpdateId(5), incoming});
    telegram.push({UpdateId(5), incoming});
    clock.drain();
    pass(Duration(100));
    EXPECT_EQ(store.tasks.size(), 1U);
    EXPECT_EQ(broker.published.size(), 1U);
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    EXPECT_EQ(metrics.duplicates, 1);
}

TEST_F(BotWorld, ARepeatedCommandIsAnsweredOnce) {
    start();
    const auto incoming = message("/balance");
    telegram.push({UpdateId(5), incoming});
    telegram.push({UpdateId(5), incoming});
    pass(Duration(10'000));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

TEST_F(BotWorld, TheCommandsAreListedInBothLanguagesEvenIfItFailsAtFirst) {
    telegram.fail_next("setMyCommands", telegram::Failure::not_sent);
    start();
    pass(Duration(10'000));
    ASSERT_EQ(telegram.menus.size(), 2U);
    EXPECT_EQ(telegram.menus[0].text, "");
    EXPECT_EQ(telegram.menus[1].text, "ru");
    EXPECT_EQ(telegram.menus[1].keyboard.size(), 10U);
    EXPECT_EQ(telegram.menus[1].keyboard[0][0].data, "start");
    EXPECT_EQ(telegram.menus[1].keyboard[0][0].text, "Начать");
}

TEST_F(BotWorld, StoppingFinishesWhatIsInFlightAndConfirmsTheOffset) {
    start();
    telegram.delay("sendMessage", Duration(3'000));
    write("/help");
    bot->stop();
    clock.drain();
    EXPECT_FALSE(ended);
    pass(Duration(5'000));
    EXPECT_TRUE(ended);
    EXPECT_FALSE(end_error);
    EXPECT_EQ(store.deliveries.at(0).state, "sent");
    EXPECT_EQ(telegram.offsets.back(), 101);
    EXPECT_EQ(telegram.timeouts.back(), Duration(0));
}

TEST_F(BotWorld, StoppingLeavesUnfinishedTasksToTheNextProcess) {
    start();
    const auto task = write("Hello");
    pass(Duration(2'000));
    bot->stop();
    clock.drain();
    EXPECT_TRUE(ended);
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
    EXPECT_TRUE(store.tasks.at(task).status_message.has_value());
}

TEST_F(BotWorld, StoppingBeforeTelegramEverAnsweredEndsAtOnce) {
    for (int i = 0; i < 20; ++i) telegram.fail_next("getMe", telegram::Failure::not_sent);
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::unreachable);
    bot->stop();
    clock.drain();
    EXPECT_TRUE(ended);
}

TEST_F(BotWorld, ACancelledBotLeavesNothingRunning) {
    start();
    telegram.delay("sendMessage", Duration(60'000));
    write("/help");
    write("Hello");
    pass(Duration(2'000));
    cancellation.emit(boost::asio::cancellation_type::terminal);
    clock.drain();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(end_error);
    const auto calls = telegram.calls.size();
    pass(Duration(300'000));
    EXPECT_EQ(telegram.calls.size(), calls);
}

TEST_F(BotWorld, AnInvalidTokenIsToldToReadinessAndTriedAgain) {
    telegram.fail_next("getMe", telegram::Failure::unauthorized);
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::unauthorized);
    pass(Duration(60'000));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(BotWorld, RepliesComeAgainAfterTheBrokerBroke) {
    start();
    const auto task = write("Hello");
    broker.break_connection();
    pass(Duration(900));
    EXPECT_EQ(broker.declared.size(), 2U);
    complete_text(task, {"voice"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(broker.acknowledged.size(), 1U);
}

TEST_F(BotWorld, AReplyThatNamesNoTaskIsRejected) {
    start();
    broker.reply("../../etc/passwd");
    broker.reply("");
    clock.drain();
    EXPECT_EQ(broker.rejected.size(), 2U);
    EXPECT_THAT(broker.acknowledged, IsEmpty());
}

}  // namespace
}  // namespace mlbilling::test
