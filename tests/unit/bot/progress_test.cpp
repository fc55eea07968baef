#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class ProgressTest : public BotWorld {};

TEST_F(ProgressTest, TheChatActionIsShownAtOnceAndAgainWhileTheWorkLasts) {
    start();
    const auto task = write("Hello");
    EXPECT_THAT(telegram.summary(), ElementsAre("sendChatAction: record_voice"));
    pass(Duration(4'499));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    pass(Duration(1));
    EXPECT_EQ(telegram.count("sendChatAction"), 2U);
    pass(Duration(4'500));
    EXPECT_EQ(telegram.count("sendChatAction"), 3U);
    complete_text(task, {"one"}, 1);
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 3U);
}

TEST_F(ProgressTest, AStatusMessageComesOnlyAfterASecond) {
    start();
    write(std::string(120, 'a'));
    pass(Duration(999));
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
    pass(Duration(1));
    const auto status = telegram.last("sendMessage");
    EXPECT_EQ(status.text, "120 characters · 12 credits");
    EXPECT_TRUE(status.silent);
    EXPECT_EQ(status.reply_to, MessageId(1));
    ASSERT_THAT(status.keyboard, SizeIs(1));
    EXPECT_EQ(status.keyboard[0][0].text, "Cancel");
    EXPECT_EQ(status.keyboard[0][0].data, "cancel:7_1");
    EXPECT_EQ(store.tasks.at(TaskId("7_1")).status_message, status.message);
}

TEST_F(ProgressTest, CancelIsOfferedOnlyUntilTheWorkBegins) {
    start();
    const auto early = write("Hello");
    pass(Duration(1'500));
    EXPECT_THAT(telegram.last("sendMessage").keyboard, SizeIs(1));
    store.tasks.at(early).status = TaskStatus::processing;
    pass(Duration(10'000));
    EXPECT_THAT(telegram.last("editMessageText").keyboard, IsEmpty());
    const auto late = write("Hello again");
    store.tasks.at(late).status = TaskStatus::processing;
    pass(Duration(1'500));
    EXPECT_THAT(telegram.last("sendMessage").keyboard, IsEmpty());
}

TEST_F(ProgressTest, TheStatusIsInTheUsersLanguageWithTheRightPlurals) {
    store.add_user(TelegramId(7), Language::russian, 100);
    start();
    record(Duration(83'000));
    write("двадцать один знак ок");
    pass(Duration(1'000));
    const auto messages = telegram.of("sendMessage");
    EXPECT_EQ(messages.at(0).text, "1:23 · 42 кредита");
    EXPECT_EQ(messages.at(1).text, "21 знак · 3 кредита");
    EXPECT_EQ(messages.at(1).keyboard[0][0].text, "Отмена");
}

TEST_F(ProgressTest, ARecordingOfUnknownLengthNamesNoPrice) {
    start();
    record(Duration(0));
    pass(Duration(1'000));
    EXPECT_EQ(telegram.last("sendMessage").text, "Listening…");
}

TEST_F(ProgressTest, ItIsRewrittenRarelyAndSaysHowLongItHasTaken) {
    start();
    write("Hello");
    pass(Duration(11'000));
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
    EXPECT_EQ(telegram.last("editMessageText").text,
              "5 characters · 1 credit\nStill at it, 0:11 so far");
    EXPECT_THAT(telegram.last("editMessageText").keyboard, SizeIs(1));
    pass(Duration(300'000));
    EXPECT_EQ(telegram.count("editMessageText"), 6U);
}

TEST_F(ProgressTest, OneChatHasOneChatActionHoweverManyTasksRun) {
    start();
    const auto first = write("Hello");
    const auto second = write("World");
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    complete_text(first, {"one"}, 1);
    pass(Duration(4'500));
    EXPECT_EQ(telegram.count("sendChatAction"), 2U);
    complete_text(second, {"two"}, 1);
    pass(Duration(20'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 2U);
}

TEST_F(ProgressTest, AResultThatOvertakesTheStatusMessageLeavesNoTrace) {
    start();
    telegram.delay("sendMessage", Duration(2'000));
    const auto task = record();
    pass(Duration(1'500));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    complete_voice(task, "Words.", 1);
    pass(Duration(10'000));
    // The result waits for the call under way, is a message of its own, and the late status goes.
    EXPECT_THAT(telegram.summary(),
                ElementsAre("sendChatAction: typing", "sendMessage: 0:05 · 3 credits",
                            "deleteMessage", "sendMessage: Words.\n\n−1 · 19 left"));
    EXPECT_EQ(telegram.last("deleteMessage").message, telegram.of("sendMessage")[0].message);
}

TEST_F(ProgressTest, ARewriteUnderWayNeverOverwritesTheResult) {
    start();
    const auto task = record();
    pass(Duration(5'000));
    telegram.delay("editMessageText", Duration(3'000));
    pass(Duration(6'500));
    ASSERT_EQ(telegram.count("editMessageText"), 1U);
    complete_voice(task, "Words.", 1);
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
    pass(Duration(20'000));
    const auto edits = telegram.of("editMessageText");
    ASSERT_THAT(edits, SizeIs(2));
    EXPECT_EQ(edits[1].text, "Words.\n\n−1 · 19 left");
}

TEST_F(ProgressTest, AStatusMessageThatAnotherProcessHasAnsweredIsNotTouched) {
    start();
    const auto task = record();
    pass(Duration(2'000));
    store.complete(task, {"Words.", {}}, 1);
    auto& due = store.delivery_of(task);
    due.state = "sent";
    due.claim = 1;
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
    const auto actions = telegram.count("sendChatAction");
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendChatAction"), actions);
}

TEST_F(ProgressTest, AStatusMessageThatComesAfterAnotherProcessHasAnsweredGoesAtOnce) {
    start();
    const auto task = record();
    store.complete(task, {"Words.", {}}, 1);
    store.delivery_of(task).state = "sent";
    store.delivery_of(task).claim = 1;
    pass(Duration(1'500));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_EQ(telegram.last("deleteMessage").message, telegram.last("sendMessage").message);
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
}

TEST_F(ProgressTest, CancellingByCommandTurnsTheStatusMessageIntoTheAnswer) {
    start();
    write("Hello");
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message;
    write("/cancel");
    EXPECT_EQ(telegram.last("editMessageText").message, status);
    EXPECT_EQ(telegram.last("editMessageText").text, "Cancelled. Free to use again: 1 credit.");
    pass(Duration(120'000));
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
}

TEST_F(ProgressTest, AStatusMessageUnderWayWhileItsTaskIsCancelledGoes) {
    start();
    telegram.delay("sendMessage", Duration(1'000));
    write("Hello");
    pass(Duration(1'500));
    write("/cancel");
    pass(Duration(10'000));
    const auto messages = telegram.of("sendMessage");
    ASSERT_THAT(messages, SizeIs(2));
    EXPECT_EQ(messages[1].text, "Cancelled. Free to use again: 1 credit.");
    EXPECT_EQ(telegram.last("deleteMessage").message, messages[0].message);
}

TEST_F(ProgressTest, AButtonThatIsPressedBeforeItsMessageIsKnownHereCancelsAndTheMessageGoes) {
    start();
    telegram.delay("sendMessage", Duration(1'000));
    const auto task = write("Hello");
    pass(Duration(1'500));
    const auto status = *telegram.last("sendMessage").message;
    arrive(press("cancel:" + task.value(), status.value()));
    pass(Duration(10'000));
    // The press could be forged, so the message under it is not replaced before it is known.
    EXPECT_EQ(telegram.last("sendMessage").text, "Cancelled. Free to use again: 1 credit.");
    EXPECT_EQ(telegram.last("deleteMessage").message, status);
}

TEST_F(ProgressTest, AButtonPressedAtAnotherProcessBeforeItsMessageIsKnownHereKeepsTheAnswer) {
    start();
    telegram.delay("sendMessage", Duration(1'000));
    const auto task = write("Hello");
    pass(Duration(1'500));
    store.tasks.at(task).status = TaskStatus::cancelled;
    DeliveryRow told;
    told.task = task;
    told.claim = 1;
    told.edit = telegram.last("sendMessage").message;
    told.state = "sent";
    store.deliveries.push_back(told);
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
}

TEST_F(ProgressTest, ARewriteUnderWayNeverOverwritesTheWordThatItIsCancelled) {
    start();
    write("Hello");
    pass(Duration(5'000));
    telegram.delay("editMessageText", Duration(3'000));
    pass(Duration(6'500));
    ASSERT_EQ(telegram.count("editMessageText"), 1U);
    write("/cancel");
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
    pass(Duration(20'000));
    EXPECT_EQ(telegram.count("editMessageText"), 2U);
    EXPECT_EQ(telegram.last("editMessageText").text, "Cancelled. Free to use again: 1 credit.");
}

TEST_F(ProgressTest, ATaskThatTurnsIntoAQuestionShowsNoMoreProgress) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    // The worker has measured more than was claimed: the question is due in place of the result.
    store.fail(task, FailureReason::price_above_limit);
    auto& due = store.delivery_of(task);
    due.notice = {Notice::Kind::proposal, {{"proposal", "3"}, {"price", "60"}, {"type", "voice"}}};
    broker.reply(task.value());
    clock.drain();
    EXPECT_EQ(telegram.last("editMessageText").keyboard.at(0).at(0).data, "go:3");
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
}

TEST_F(ProgressTest, AStatusMessageThatMayBeKnownIsNeverRemovedFromUnderTheResult) {
    start();
    const auto task = record();
    store.lose_next_answer("set_status_message");
    pass(Duration(1'500));
    complete_voice(task, "Words.", 1);
    pass(Duration(60'000));
    EXPECT_EQ(telegram.last("editMessageText").text, "Words.\n\n−1 · 19 left");
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
}

TEST_F(ProgressTest, FailuresOfDecorationDisturbNothing) {
    start();
    telegram.fail_next("sendChatAction", Failure::forbidden);
    telegram.fail_next("sendMessage", Failure::not_sent);
    store.fail_next("profile", 3);
    const auto task = write("Hello");
    pass(Duration(30'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    complete_text(task, {"one"}, 1);
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
}

TEST_F(ProgressTest, AChatActionObeysWhatTelegramAsksToWait) {
    start();
    telegram.fail_next("sendChatAction", Failure::too_many_requests, Duration(20'000));
    write("Hello");
    pass(Duration(19'999));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    pass(Duration(1));
    EXPECT_EQ(telegram.count("sendChatAction"), 2U);
}

TEST_F(ProgressTest, NothingIsShownForEverIfNoResultComes) {
    options.task_time_limit = Duration(60'000);
    start();
    write("Hello");
    pass(Duration(300'000));
    const auto calls = telegram.calls.size();
    pass(Duration(600'000));
    EXPECT_EQ(telegram.calls.size(), calls);
}

}  // namespace
}  // namespace mlbilling::test
