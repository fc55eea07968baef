#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Proposals : public BotWorld {};

TEST_F(Proposals, AHighPriceIsAskedAboutFirst) {
    store.add_user(TelegramId(7), Language::english, 200);
    start();
    write(std::string(600, 'a'));
    const auto prompt = telegram.last("sendMessage");
    EXPECT_EQ(prompt.text,
              "600 characters aloud: 60 credits.\nFree to use: 200 credits. Shall I start?");
    EXPECT_EQ(prompt.keyboard.at(0).at(0).data, "go:1");
    EXPECT_THAT(broker.published, IsEmpty());
    EXPECT_EQ(telegram.count("sendChatAction"), 0U);
}

TEST_F(Proposals, AYesStartsTheTaskAndTurnsThePromptIntoItsStatusMessage) {
    store.add_user(TelegramId(7), Language::english, 200);
    start();
    write(std::string(600, 'a'));
    const auto prompt = *telegram.last("sendMessage").message;
    arrive(press("go:1", prompt.value()));
    const TaskId task("7_" + std::to_string(prompt.value()));
    ASSERT_TRUE(store.tasks.contains(task));
    EXPECT_THAT(broker.published, SizeIs(1));
    const auto edit = telegram.last("editMessageText");
    EXPECT_EQ(edit.message, prompt);
    EXPECT_EQ(edit.text, "600 characters · 60 credits");
    EXPECT_EQ(edit.keyboard.at(0).at(0).data, "cancel:" + task.value());
    complete_text(task, {"voice"}, 60);
    EXPECT_EQ(telegram.last("deleteMessage").message, prompt);
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

TEST_F(Proposals, ANoLeavesIt) {
    store.add_user(TelegramId(7), Language::english, 200);
    start();
    write(std::string(600, 'a'));
    arrive(press("no:1", telegram.last("sendMessage").message->value()));
    EXPECT_EQ(telegram.last("editMessageText").text, "All right, I leave it. Not charged.");
    EXPECT_THAT(telegram.last("editMessageText").keyboard, IsEmpty());
    EXPECT_THAT(broker.published, IsEmpty());
}

TEST_F(Proposals, ANoAfterAYesLeavesTheMessageToTheTask) {
    store.add_user(TelegramId(7), Language::english, 200);
    start();
    write(std::string(600, 'a'));
    const auto prompt = telegram.last("sendMessage").message->value();
    arrive(press("go:1", prompt));
    arrive(press("no:1", prompt));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("answered already"));
    EXPECT_EQ(telegram.last("editMessageText").text, "600 characters · 60 credits");
    EXPECT_THAT(broker.published, SizeIs(1));
}

TEST_F(Proposals, AYesToAForgottenQuestionIsToldSo) {
    store.add_user(TelegramId(7));
    start();
    show_buttons(500, ButtonMessage::question);
    arrive(press("go:1", 500));
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(500));
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("answered already"));
}

TEST_F(Proposals, ASecondYesChangesNothing) {
    store.add_user(TelegramId(7), Language::english, 200);
    start();
    write(std::string(600, 'a'));
    const auto prompt = telegram.last("sendMessage").message->value();
    arrive(press("go:1", prompt));
    arrive(press("go:1", prompt));
    EXPECT_THAT(broker.published, SizeIs(1));
    EXPECT_EQ(telegram.last("editMessageText").text, "600 characters · 60 credits");
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

TEST_F(Proposals, CancelEndsTheNewestThatHasNotStarted) {
    start();
    write("Hello");
    write("/cancel");
    EXPECT_EQ(telegram.last("sendMessage").text, "Cancelled. Free to use again: 1 credit.");
    EXPECT_EQ(store.users.at(TelegramId(7)).account.held, Credits(0));
    pass(Duration(60'000));
    EXPECT_EQ(telegram.count("sendChatAction"), 1U);
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

}  // namespace
}  // namespace mlbilling::test
