#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Buttons : public BotWorld {};

TEST_F(Buttons, EveryPressIsAnsweredAtOnceAndBeforeSlowWork) {
    start();
    telegram.delay("editMessageText", Duration(5'000));
    arrive(press("lang:ru"));
    EXPECT_EQ(telegram.calls.at(0).method, "answerCallbackQuery");
    EXPECT_EQ(telegram.calls.at(0).text, "");
    EXPECT_EQ(store.users.at(TelegramId(7)).settings.language, Language::russian);
}

TEST_F(Buttons, AnAnswerThatHangsDoesNotHoldUpTheUpdate) {
    start();
    telegram.delay("answerCallbackQuery", Duration(20'000));
    arrive(press("speed:125"));
    EXPECT_EQ(store.users.at(TelegramId(7)).settings.speed_percent, 125);
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
}

TEST_F(Buttons, MalformedOrUnknownDataGetsAToastAndNothingElse) {
    start();
    for (const auto* data : {"", "voice:nobody", "sample:nobody", "voices:xx", "spoken:ru",
                             "speed:1000", "drop table", "cancel:x", "go:"})
        arrive(press(data));
    auto old = press("lang:ru");
    old.message.reset();
    old.chat.reset();
    arrive(old);
    EXPECT_EQ(telegram.count("answerCallbackQuery"), 10U);
    for (const auto& call : telegram.calls) EXPECT_EQ(call.text, "This button no longer works");
    EXPECT_THAT(telegram.calls, SizeIs(10));
    EXPECT_EQ(store.transactions, 0);
}

TEST_F(Buttons, ARepeatedPressChangesNothing) {
    start();
    const auto query = press("speed:125");
    telegram.push({UpdateId(5), query});
    telegram.push({UpdateId(5), query});
    pass(Duration(5'000));
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
    EXPECT_EQ(metrics.duplicates, 1);
}

TEST_F(Buttons, ChoicesAreKeptAndShownInPlace) {
    start();
    arrive(press("voice:rms", 501));
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(501));
    EXPECT_EQ(telegram.last("editMessageText").text, "Reading from now on: Rms.");
    arrive(press("format:file"));
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("Noted."));
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("a file"));
    arrive(press("spoken:en"));
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("English"));
    // What says that it is done has no buttons any more.
    show_buttons(500);
    arrive(press("lang:ru"));
    EXPECT_EQ(telegram.last("editMessageText").text, "Хорошо, дальше по-русски.");
    const auto& settings = store.users.at(TelegramId(7)).settings;
    EXPECT_EQ(settings.voice, "rms");
    EXPECT_EQ(settings.reply_format, ReplyFormat::file);
    EXPECT_EQ(settings.spoken_language, "en");
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
}

TEST_F(Buttons, MenusReplaceEachOther) {
    start();
    arrive(press("menu:voice", 500));
    EXPECT_EQ(telegram.last("editMessageText").keyboard.at(0).at(0).data, "voice:slt");
    arrive(press("voices:ru", 500));
    EXPECT_EQ(telegram.last("editMessageText").keyboard.at(0).at(0).data, "voice:anna");
    arrive(press("menu:language", 500));
    EXPECT_EQ(telegram.last("editMessageText").keyboard.at(0).at(0).data, "lang:ru");
    arrive(press("menu:settings", 500));
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(500));
}

TEST_F(Buttons, AMenuThatIsGoneIsSentAnew) {
    start();
    telegram.fail_next("editMessageText", telegram::Failure::message_gone);
    arrive(press("menu:language"));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
    EXPECT_EQ(store.deliveries.at(0).state, "sent");
}

TEST_F(Buttons, AnEditThatChangesNothingIsASuccess) {
    start();
    telegram.fail_next("editMessageText", telegram::Failure::not_modified);
    arrive(press("menu:language"));
    EXPECT_EQ(store.deliveries.at(0).state, "sent");
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
}

TEST_F(Buttons, ASampleIsHeardFreeAndSpokenOnlyOnce) {
    start();
    arrive(press("sample:anna"));
    const auto first = telegram.last("sendVoice");
    EXPECT_EQ(first.file.bytes, "OggS");
    EXPECT_EQ(first.text, "Anna · free");
    EXPECT_EQ(first.file.duration, Duration(1'000));
    ASSERT_THAT(speech.synthesized, SizeIs(1));
    EXPECT_EQ(speech.synthesized[0].voice, "anna");
    EXPECT_THAT(speech.synthesized[0].text, HasSubstr("голос"));
    arrive(press("sample:anna"));
    const auto second = telegram.last("sendVoice");
    EXPECT_EQ(second.file.file_id, "file-" + std::to_string(first.message->value()));
    EXPECT_THAT(second.file.bytes, IsEmpty());
    EXPECT_THAT(speech.synthesized, SizeIs(1));
    EXPECT_THAT(store.tasks, IsEmpty());
    EXPECT_EQ(store.users.at(TelegramId(7)).account.balance, Credits(20));
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
}

TEST_F(Buttons, ASampleWhoseFileIsGoneIsSpokenAgainNextTime) {
    start();
    arrive(press("sample:anna"));
    telegram.fail_next("sendVoice", telegram::Failure::file_unavailable);
    arrive(press("sample:anna"));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("could not play"));
    arrive(press("sample:anna"));
    EXPECT_THAT(speech.synthesized, SizeIs(2));
}

TEST_F(Buttons, ASampleThatCannotBeSpokenIsToldHonestly) {
    speech.broken = true;
    start();
    arrive(press("sample:slt"));
    EXPECT_THAT(telegram.summary(),
                ElementsAre("answerCallbackQuery", HasSubstr("could not play “Slt”")));
}

TEST_F(Buttons, ABannedUserHearsNoSample) {
    store.add_user(TelegramId(7)).role = Role::banned;
    start();
    arrive(press("sample:slt"));
    EXPECT_EQ(telegram.count("sendVoice"), 0U);
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("no access"));
}

TEST_F(Buttons, TheHistoryIsPagedInPlace) {
    start();
    arrive(press("history:17", 500));
    EXPECT_EQ(store.history_before, 17);
    EXPECT_EQ(telegram.last("editMessageText").message, MessageId(500));
}

TEST_F(Buttons, CancelTurnsTheStatusMessageIntoTheAnswer) {
    start();
    const auto task = write("Hello");
    pass(Duration(1'500));
    const auto status = *telegram.last("sendMessage").message;
    arrive(press("cancel:" + task.value(), status.value()));
    const auto edit = telegram.last("editMessageText");
    EXPECT_EQ(edit.message, status);
    EXPECT_EQ(edit.text, "Cancelled. Free to use again: 1 credit.");
    EXPECT_THAT(edit.keyboard, IsEmpty());
    pass(Duration(120'000));
    EXPECT_EQ(telegram.count("deleteMessage"), 0U);
    EXPECT_EQ(telegram.count("editMessageText"), 1U);
}

TEST_F(Buttons, ATaskWithASuffixIsShownCancelledAndDeliveredLikeAnyOther) {
    TaskRecord of_another;
    of_another.telegram = TelegramId(99);
    store.tasks[TaskId("7_1")] = store.tasks[TaskId("7_2")] = of_another;
    start();
    write("Hello");
    pass(Duration(1'500));
    const auto status = telegram.last("sendMessage");
    EXPECT_EQ(status.keyboard[0][0].data, "cancel:7_1.2");
    arrive(press("cancel:7_1.2", status.message->value()));
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("Cancelled."));
    record();
    complete_voice(TaskId("7_2.2"), "Words.");
    EXPECT_EQ(telegram.last("sendMessage").text, "Words.\n\n−2 · 18 left");
}

TEST_F(Buttons, CancelOfWhatHasStartedSaysSoAndTheResultComesInItsPlace) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = *telegram.last("sendMessage").message;
    store.tasks.at(task).status = TaskStatus::processing;
    arrive(press("cancel:" + task.value(), status.value()));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("nothing to cancel"));
    EXPECT_EQ(telegram.count("editMessageText"), 0U);
    complete_voice(task, "Words.");
    EXPECT_EQ(telegram.last("editMessageText").message, status);
    EXPECT_EQ(telegram.last("editMessageText").text, "Words.\n\n−2 · 18 left");
}

TEST_F(Buttons, CancelOfWhatIsDoneLeavesItsResult) {
    start();
    const auto task = record();
    pass(Duration(1'500));
    const auto status = *telegram.last("sendMessage").message;
    complete_voice(task, "Words.");
    arrive(press("cancel:" + task.value(), status.value()));
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("nothing to cancel"));
    EXPECT_EQ(telegram.last("editMessageText").text, "Words.\n\n−2 · 18 left");
}

TEST_F(Buttons, ABotThatUnderstandsOnlyEnglishOffersItWhenAnotherLanguageFails) {
    store.add_user(TelegramId(7), Language::russian);
    start();
    fail(record(), FailureReason::unsupported_language);
    const auto told = telegram.last("sendMessage");
    EXPECT_EQ(told.keyboard.at(0).at(0).data, "spoken:en");
    arrive(press("spoken:en", told.message->value()));
    EXPECT_EQ(store.users.at(TelegramId(7)).settings.spoken_language, "en");
    EXPECT_THAT(telegram.last("editMessageText").text, HasSubstr("английский"));
}

}  // namespace
}  // namespace mlbilling::test
