#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Who may press what.
class ButtonOwners : public BotWorld {
  protected:
    static constexpr const char* all_data[] = {
        "lang:ru",       "voice:rms",  "voices:ru",  "sample:anna", "speed:125",
        "format:file",   "spoken:en",  "cancel:7_1", "go:1",        "no:1",
        "menu:settings", "menu:voice", "history:9",  "again:7_1",   "menu:language"};

    void SetUp() override {
        store.add_user(TelegramId(7), Language::english, 200);
        store.add_user(TelegramId(8), Language::english, 200);
        start();
    }
    telegram::CallbackQuery press_by(std::int64_t user, std::string data, std::int64_t chat_id,
                                     std::int64_t message_id) {
        auto query = press(std::move(data), message_id);
        query.from.id = TelegramId(user);
        query.chat =
            telegram::Chat{ChatId(chat_id), chat_id < 0 ? telegram::ChatKind::group
                                                        : telegram::ChatKind::private_chat};
        return query;
    }
    /// Everything that a press may do but its toast.
    std::size_t acts() const {
        return telegram.calls.size() - telegram.count("answerCallbackQuery");
    }
};

TEST_F(ButtonOwners, AnothersResultInAGroupIsNotTouchedByAnyPress) {
    auto asking = message("@speech_bot", group, 7);
    asking.reply_to = MessageId(50);
    asking.reply_to_media = media();
    arrive(asking);
    const TaskId task("-100_1");
    complete_voice(task, "Their words.", 3);
    const auto result = telegram.last("sendMessage").message->value();
    const auto before = acts();
    const auto transactions = store.transactions;
    for (const auto* data : all_data) {
        arrive(press_by(8, data, group, result));
        EXPECT_THAT(telegram.last("answerCallbackQuery").text, HasSubstr("no longer works"))
            << data;
    }
    arrive(press_by(8, "cancel:" + task.value(), group, result));
    EXPECT_EQ(telegram.last("answerCallbackQuery").text, "These buttons are for somebody else");
    pass(Duration(5'000));
    EXPECT_EQ(acts(), before);
    EXPECT_EQ(store.transactions, transactions);
    EXPECT_EQ(store.users.at(TelegramId(8)).settings.language, Language::english);
}

TEST_F(ButtonOwners, AResultInPrivateIsReplacedByNoPress) {
    const auto task = record();
    complete_voice(task, "My words.", 3);
    const auto result = telegram.last("sendMessage").message->value();
    for (const auto* data : all_data) arrive(press_by(7, data, chat, result));
    pass(Duration(5'000));
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
    EXPECT_EQ(store.users.at(TelegramId(7)).settings.language, Language::english);
    // A menu may come anew.
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("Choose a language"));
}

TEST_F(ButtonOwners, AnothersMenuAndQuestionAnswerWithAToast) {
    write("/settings", group);
    const auto menu = telegram.last("sendMessage").message->value();
    write("@speech_bot " + std::string(600, 'a'), group);
    const auto question = telegram.last("sendMessage").message->value();
    const auto before = acts();
    for (const auto message : {menu, question})
        for (const auto* data : {"menu:voice", "lang:ru", "speed:125", "go:1", "no:1"}) {
            arrive(press_by(8, data, group, message));
            EXPECT_EQ(telegram.last("answerCallbackQuery").text,
                      "These buttons are for somebody else");
        }
    EXPECT_EQ(acts(), before);
    EXPECT_THAT(store.tasks, IsEmpty());

    arrive(press_by(7, "speed:125", group, menu));
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(menu));
    arrive(press_by(7, "go:1", group, question));
    EXPECT_THAT(store.tasks, SizeIs(1));
}

TEST_F(ButtonOwners, AQuestionIsNoMenuAndAMenuNoQuestion) {
    write("/settings");
    const auto menu = telegram.last("sendMessage").message->value();
    write(std::string(600, 'a'));
    const auto question = telegram.last("sendMessage").message->value();
    const auto before = acts();
    arrive(press("go:1", menu));
    arrive(press("no:1", menu));
    arrive(press("menu:voice", question));
    arrive(press("lang:ru", question));
    EXPECT_EQ(acts(), before);
    EXPECT_THAT(store.tasks, IsEmpty());
}

TEST_F(ButtonOwners, AnAnsweredQuestionHasNoButtonsAnyMore) {
    write(std::string(600, 'a'));
    const auto question = telegram.last("sendMessage").message->value();
    arrive(press("no:1", question));
    const auto edits = telegram.count("editMessageText");
    arrive(press("no:1", question));
    EXPECT_EQ(telegram.count("editMessageText"), edits);
    EXPECT_THAT(telegram.last("answerCallbackQuery").text, HasSubstr("no longer works"));
}

TEST_F(ButtonOwners, AQuestionThatBecameAResultIsSafe) {
    options.ask_above = Credits(1);
    record(Duration(20'000));
    arrive(press("menu:language", 500));
    auto recording = message("");
    recording.media = media(telegram::MediaFile::Kind::voice, Duration(200'000));
    arrive(recording);
    const auto question = telegram.last("sendMessage").message->value();
    arrive(press("go:1", question));
    const TaskId task("7_" + std::to_string(question));
    ASSERT_TRUE(store.tasks.contains(task));
    complete_voice(task, "Words.", 100);
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("Words."));
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(question));
    const auto edits = telegram.count("editMessageText");
    for (const auto* data : {"no:1", "go:1", "menu:settings", "lang:ru"})
        arrive(press(data, question));
    EXPECT_EQ(telegram.count("editMessageText"), edits);
}

TEST_F(ButtonOwners, ACancelIsForTheTasksOwnMessageAlone) {
    const auto task = write("Hello");
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage").message->value();
    arrive(press("cancel:" + task.value(), status + 1));
    EXPECT_EQ(store.tasks.at(task).status, TaskStatus::created);
    arrive(press_by(8, "cancel:" + task.value(), chat, status));
    EXPECT_EQ(store.tasks.at(task).status, TaskStatus::created);
    arrive(press("cancel:" + task.value(), status));
    EXPECT_EQ(store.tasks.at(task).status, TaskStatus::cancelled);
}

}  // namespace
}  // namespace mlbilling::test
