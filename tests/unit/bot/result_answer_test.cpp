#include "bot/result_answer.hpp"

#include <gmock/gmock.h>

#include "domain/text.hpp"

namespace mlbilling::bot {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Engine engine{"local", true, {{"slt", "Slt", "en"}}, {"en"}};

ClaimedDelivery delivery(TaskType type, Language language = Language::english) {
    ClaimedDelivery claimed;
    claimed.profile.settings.language = language;
    claimed.profile.account.balance = Credits(18);
    claimed.notice.kind = Notice::Kind::task_result;
    claimed.task.emplace();
    claimed.task->type = type;
    claimed.task->status = TaskStatus::completed;
    claimed.task->cost = Credits(2);
    return claimed;
}

std::string sentences(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : " ") + std::string("Это предложение.");
    return text;
}

TEST(Receipt, NamesTheCostAndTheBalance) {
    auto claimed = delivery(TaskType::text);
    EXPECT_EQ(receipt(Language::english, *claimed.task, Credits(18)), "−2 · 18 left");
    EXPECT_EQ(receipt(Language::russian, *claimed.task, Credits(18)), "−2 · осталось 18");
    claimed.task->cached = true;
    EXPECT_EQ(receipt(Language::english, *claimed.task, Credits(18)),
              "−2 (was ready already) · 18 left");
    claimed.task->cost = Credits(0);
    EXPECT_EQ(receipt(Language::russian, *claimed.task, Credits(18)), "Бесплатно · осталось 18");
}

TEST(VoiceResult, OneVoiceBearsTheReceiptAlone) {
    auto claimed = delivery(TaskType::text);
    claimed.task->result.parts = {{ResultKey("a"), Duration(100)}};
    const auto answer = result_answer(claimed, engine);
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_EQ(std::get<VoicePart>(answer[0]).caption, "−2 · 18 left");
}

TEST(VoiceResult, SeveralVoicesAreNumberedAndTheLastBearsTheReceipt) {
    auto claimed = delivery(TaskType::text, Language::russian);
    claimed.task->result.parts = {{ResultKey("a"), Duration(100)},
                                  {ResultKey("b"), Duration(200)},
                                  {ResultKey("c"), Duration(300)}};
    const auto answer = result_answer(claimed, engine);
    ASSERT_EQ(answer.size(), 3U);
    EXPECT_EQ(std::get<VoicePart>(answer[0]).caption, "1/3");
    EXPECT_EQ(std::get<VoicePart>(answer[1]).caption, "2/3");
    EXPECT_EQ(std::get<VoicePart>(answer[2]).caption, "3/3 · −2 · осталось 18");
    EXPECT_EQ(std::get<VoicePart>(answer[1]).key, ResultKey("b"));
    EXPECT_EQ(std::get<VoicePart>(answer[1]).duration, Duration(200));
}

TEST(Transcript, AShortOneIsOneMessageWithTheReceiptAsItsLastLine) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->result.text = "Said and done.";
    const auto answer = result_answer(claimed, engine);
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_EQ(std::get<TextPart>(answer[0]).text, "Said and done.\n\n−2 · 18 left");
}

TEST(Transcript, ALongOneIsCutAtSentenceEndsAndNoMessageIsTooLong) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->result.text = sentences(500);
    const auto answer = result_answer(claimed, engine);
    ASSERT_EQ(answer.size(), 3U);
    std::string joined;
    for (const auto& part : answer) {
        const auto& text = std::get<TextPart>(part).text;
        EXPECT_LE(count_utf16_units(text), longest_message);
        joined += (joined.empty() ? "" : " ") + text;
    }
    EXPECT_THAT(std::get<TextPart>(answer[0]).text, EndsWith("предложение."));
    EXPECT_THAT(std::get<TextPart>(answer[1]).text, EndsWith("предложение."));
    EXPECT_EQ(joined, claimed.task->result.text + "\n\n−2 · 18 left");
}

TEST(Transcript, TheCutsDoNotDependOnTheBalance) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->result.text = sentences(500);
    const auto poor = result_answer(claimed, engine);
    claimed.profile.account.balance = Credits(2'000'000'000);
    const auto rich = result_answer(claimed, engine);
    ASSERT_EQ(poor.size(), rich.size());
    EXPECT_EQ(std::get<TextPart>(poor[1]).text, std::get<TextPart>(rich[1]).text);
}

TEST(Transcript, BeyondThreeMessagesItIsAFileWithTheFirstLinesAsCaption) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->result.text = sentences(1'000);
    const auto answer = result_answer(claimed, engine);
    ASSERT_EQ(answer.size(), 1U);
    const auto& file = std::get<DocumentPart>(answer[0]);
    EXPECT_EQ(file.bytes, claimed.task->result.text);
    EXPECT_EQ(file.file_name, "transcript.txt");
    EXPECT_THAT(file.caption, StartsWith("Это предложение."));
    EXPECT_THAT(file.caption, EndsWith("…\n\n−2 · 18 left"));
    EXPECT_LE(count_utf16_units(file.caption), longest_caption);
}

TEST(Transcript, AFileIsSentWhereTheUserChoseFiles) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->result.text = "Short.";
    claimed.task->payload.reply_format = ReplyFormat::file;
    const auto answer = result_answer(claimed, engine);
    EXPECT_EQ(std::get<DocumentPart>(answer.at(0)).caption, "Short.\n\n−2 · 18 left");
}

TEST(Failure, SaysWhyAndThatItWasNotCharged) {
    auto claimed = delivery(TaskType::voice, Language::russian);
    claimed.task->status = TaskStatus::error;
    claimed.task->failure = FailureReason::silence;
    const auto answer = result_answer(claimed, engine);
    EXPECT_EQ(std::get<TextPart>(answer.at(0)).text, "Речи не слышно. Кредиты не списаны.");
}

TEST(Failure, WithoutAReasonTheStatusSaysIt) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->status = TaskStatus::expired;
    EXPECT_THAT(std::get<TextPart>(result_answer(claimed, engine).at(0)).text,
                HasSubstr("in time"));
    claimed.task->status = TaskStatus::error;
    EXPECT_THAT(std::get<TextPart>(result_answer(claimed, engine).at(0)).text,
                EndsWith("Not charged."));
}

TEST(Failure, OfARecordingThatIsLongerThanClaimedNamesThePriceAndTheBalance) {
    auto claimed = delivery(TaskType::voice);
    claimed.task->status = TaskStatus::error;
    claimed.task->failure = FailureReason::insufficient_credits;
    claimed.task->units_measured = Units(300'000);
    claimed.task->price.type = TaskType::voice;
    claimed.task->price.micro_credits_per_unit = 500'000;
    claimed.task->price.min_credits = Credits(1);
    const auto text = std::get<TextPart>(result_answer(claimed, engine).at(0)).text;
    EXPECT_THAT(text,
                HasSubstr("This costs 150 credits, your balance is 18 credits. Missing: 132."));
}

TEST(Failure, OfALanguageOffersTheOnesThatAreUnderstood) {
    auto claimed = delivery(TaskType::voice, Language::russian);
    claimed.task->status = TaskStatus::error;
    claimed.task->failure = FailureReason::unsupported_language;
    const auto part = std::get<TextPart>(result_answer(claimed, engine).at(0));
    EXPECT_THAT(part.text, HasSubstr("демонстрационный движок"));
    ASSERT_EQ(part.keyboard.size(), 1U);
    EXPECT_EQ(part.keyboard[0][0].data, "spoken:en");
    EXPECT_EQ(part.keyboard[0][0].text, "🎤 английский");
}

TEST(Insufficient, NamesPriceBalanceAndWhatIsMissing) {
    EXPECT_EQ(insufficient_text(Language::russian, Credits(12), {Credits(5), Credits(0)}),
              "Это стоит 12 кредитов, а на счету 5 кредитов. Не хватает: 7. Пополнить счёт поможет "
              "владелец бота.");
}

TEST(Insufficient, WhatIsOnlySetAsideIsToldApartAndDoesNotAskForATopUp) {
    const auto text = insufficient_text(Language::english, Credits(12), {Credits(20), Credits(15)});
    EXPECT_THAT(text, HasSubstr("Set aside for what is being made now: 15 credits."));
    EXPECT_THAT(text, HasSubstr("Free to use: 5 credits. Missing: 7."));
    EXPECT_THAT(text, HasSubstr("Please wait"));
    EXPECT_THAT(text, Not(HasSubstr("top up")));
    EXPECT_THAT(insufficient_text(Language::english, Credits(30), {Credits(20), Credits(15)}),
                HasSubstr("top up"));
}

}  // namespace
}  // namespace mlbilling::bot
