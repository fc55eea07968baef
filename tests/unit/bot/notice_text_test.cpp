#include "bot/notice_text.hpp"

#include <gmock/gmock.h>

#include "bot/history.hpp"
#include "bot/menus.hpp"
#include "bot/worth.hpp"
#include "domain/text.hpp"

namespace mlbilling::bot {
namespace {

using testing::HasSubstr;
using testing::Not;

Price price(TaskType type, std::int64_t micro, int least = 1) {
    Price made;
    made.type = type;
    made.micro_credits_per_unit = micro;
    made.min_credits = Credits(least);
    return made;
}

const std::vector<Price> prices = {price(TaskType::text, 100'000), price(TaskType::voice, 500'000)};
const Engine demonstration{"local", true, {{"anna", "Anna", "ru"}, {"slt", "Slt", "en"}}, {"en"}};
const Engine provider{"yandex", false, {{"alena", "Алёна", "ru"}}, {"ru", "en"}};

ClaimedDelivery delivery(Notice notice, Language language = Language::english) {
    ClaimedDelivery claimed;
    claimed.notice = std::move(notice);
    claimed.profile.settings.language = language;
    claimed.profile.account = {Credits(18), Credits(0)};
    return claimed;
}

std::string text_of(Notice::Kind kind, std::map<std::string, std::string> facts,
                    Language language = Language::english) {
    return notice_text(delivery({kind, std::move(facts)}, language), demonstration).text;
}

TEST(StartingGrant, ThatHasToWaitSaysWhenAndHowLong) {
    const std::map<std::string, std::string> facts{
        {"credits", "20"}, {"due", "1796037817313"}, {"minutes", "41"}};
    EXPECT_EQ(
        text_of(Notice::Kind::grant_owed, facts),
        "You get 20 credits to start with, but so many people are joining right now that they "
        "take a while to arrive. You will have them at 11:23 UTC (wait: 41 minutes), and I "
        "will write to you then.");
    EXPECT_EQ(text_of(Notice::Kind::grant_owed, facts, Language::russian),
              "Вам на старт положено: 20 кредитов. Новых людей сейчас очень много, поэтому начислю "
              "не сразу, а в 11:23 UTC (ждать: 41 минута). Как только начислю, напишу.");
    EXPECT_EQ(text_of(Notice::Kind::grant_given, {{"credits", "1"}}),
              "Your starting credits are here: 1 credit.");
    EXPECT_EQ(text_of(Notice::Kind::grant_given, {{"credits", "20"}}, Language::russian),
              "Стартовые кредиты начислены: 20 кредитов.");
}

TEST(Worth, IsWhatTheCreditsBuyAtTheCurrentPrices) {
    EXPECT_EQ(worth_of(Language::english, Credits(20), prices),
              "That is about 200 characters read aloud, or 40 seconds of speech written down.");
    EXPECT_EQ(worth_of(Language::russian, Credits(100), prices),
              "Это примерно 1000 знаков вслух или 3 минуты записи.");
}

TEST(Worth, NeverPromisesMoreThanThePriceFormulaGives) {
    for (const std::int64_t micro : {1, 3, 7, 99'999, 100'000, 333'333, 1'000'000, 7'777'777})
        for (const auto type : {TaskType::text, TaskType::voice})
            for (const int credits : {1, 2, 20, 21, 1'000, 2'147'483'647}) {
                const auto made = price(type, micro);
                const auto units = units_for(made, Credits(credits));
                if (!units) continue;
                const auto cost = cost_of(made, *units);
                ASSERT_TRUE(cost);
                EXPECT_LE(*cost, Credits(credits)) << micro << " " << credits;
            }
}

TEST(Worth, SaysNothingWhereThereIsNothingToSay) {
    EXPECT_EQ(worth_of(Language::english, Credits(0), prices), "");
    EXPECT_EQ(worth_of(Language::english, Credits(20), {}), "");
    EXPECT_EQ(worth_of(Language::english, Credits(20), {price(TaskType::text, 0), prices[1]}), "");
    EXPECT_EQ(worth_of(Language::english, Credits(4), {price(TaskType::text, 1, 5), prices[1]}),
              "");
}

TEST(Welcome, TellsANewUserWhatTheGrantBuysAndThatTheEngineIsADemonstration) {
    const auto text =
        welcome_text(delivery({Notice::Kind::welcome, {{"granted", "20"}}}, Language::russian),
                     demonstration, prices)
            .text;
    EXPECT_THAT(text, HasSubstr("Вам начислено: 20 кредитов. Это примерно 200 знаков вслух или 40 "
                                "секунд записи."));
    EXPECT_THAT(text, HasSubstr("демонстрационный движок"));
    EXPECT_THAT(text, HasSubstr("английский"));
    EXPECT_THAT(text, HasSubstr("Русскую речь он не распознаёт"));
}

TEST(Welcome, TellsAKnownUserTheBalance) {
    const auto text = welcome_text(delivery({Notice::Kind::welcome, {}}), provider, prices).text;
    EXPECT_THAT(text, HasSubstr("Your balance: 18 credits. That is about 180 characters"));
    EXPECT_THAT(text, Not(HasSubstr("demonstration")));
}

TEST(Help, NamesThePricesAndEveryCommand) {
    const auto text = help_text(Language::english, demonstration, prices).text;
    EXPECT_THAT(text, HasSubstr("100 characters aloud – 10 credits"));
    EXPECT_THAT(text, HasSubstr("a minute of speech written down – 30 credits"));
    EXPECT_THAT(text, HasSubstr("demonstration"));
    for (const auto* command :
         {"/balance", "/history", "/voice", "/settings", "/language", "/cancel", "/privacy"})
        EXPECT_THAT(text, HasSubstr(command));
    EXPECT_LE(count_utf16_units(help_text(Language::russian, demonstration, prices).text), 4096U);
}

TEST(Balance, ShowsWhatIsSetAsideOnlyWhereSomethingIs) {
    EXPECT_EQ(balance_text(Language::russian, {Credits(1), Credits(0)}, {}).text,
              "На счету: 1 кредит.");
    EXPECT_EQ(
        balance_text(Language::russian, {Credits(22), Credits(2)}, prices).text,
        "На счету: 22 кредита.\nОтложено на то, что сейчас готовится: 2 кредита.\nСвободно: 20 "
        "кредитов.\nЭто примерно 200 знаков вслух или 40 секунд записи.");
}

TEST(Proposal, NamesThePriceAndOffersYesAndNo) {
    const auto part = notice_text(delivery({Notice::Kind::proposal,
                                            {{"proposal", "9"},
                                             {"price", "120"},
                                             {"units", "1200"},
                                             {"type", "text"},
                                             {"balance", "200"},
                                             {"held", "5"}}},
                                           Language::russian),
                                  demonstration);
    EXPECT_EQ(part.text, "1200 знаков вслух: 120 кредитов.\nСвободно: 195 кредитов. Начинать?");
    ASSERT_EQ(part.keyboard.size(), 2U);
    EXPECT_EQ(part.keyboard[0][0].data, "go:9");
    EXPECT_EQ(part.keyboard[0][0].text, "Прочитать за 120 кредитов");
    EXPECT_EQ(part.keyboard[1][0].data, "no:9");
}

TEST(Proposal, OfARecordingNamesItsLength) {
    EXPECT_THAT(text_of(Notice::Kind::proposal, {{"proposal", "9"},
                                                 {"price", "150"},
                                                 {"units", "300000"},
                                                 {"type", "voice"},
                                                 {"balance", "20"},
                                                 {"held", "0"}}),
                HasSubstr("A recording of 5:00 written down: 150 credits."));
}

TEST(NoticeText, EveryKindHasWordsInBothLanguages) {
    for (const auto language : {Language::russian, Language::english})
        for (auto i = static_cast<int>(Notice::Kind::insufficient);
             i <= static_cast<int>(Notice::Kind::waits_for_turn); ++i)
            EXPECT_FALSE(text_of(static_cast<Notice::Kind>(i), {{"task", "1_2"}}, language).empty())
                << i;
}

TEST(NoticeText, EachKindSaysItsOwn) {
    EXPECT_EQ(text_of(Notice::Kind::cancelled, {{"credits", "2"}}, Language::russian),
              "Отменено. Снова свободно: 2 кредита.");
    EXPECT_THAT(text_of(Notice::Kind::cancelled, {}), HasSubstr("leave it"));
    EXPECT_THAT(text_of(Notice::Kind::unknown_command, {}, Language::russian),
                HasSubstr("не знаю"));
    EXPECT_THAT(text_of(Notice::Kind::text_too_long, {{"limit", "100000"}}),
                HasSubstr("100,000 characters"));
    EXPECT_THAT(text_of(Notice::Kind::file_too_large, {{"megabytes", "20"}}), HasSubstr("20 MB"));
    EXPECT_THAT(text_of(Notice::Kind::banned, {}), HasSubstr("no access"));
    EXPECT_THAT(text_of(Notice::Kind::privacy, {}), HasSubstr("(local)"));
    EXPECT_THAT(text_of(Notice::Kind::nothing_to_say, {}), HasSubstr("at least one letter"));
}

TEST(NoticeText, AWaitIsToldInWordsThatCanBeKept) {
    const auto told = [](const char* ms, Language language = Language::english) {
        return text_of(Notice::Kind::waits_for_turn, {{"ms", ms}}, language);
    };
    EXPECT_THAT(told("61000"), HasSubstr("Time left: about 65 seconds."));
    EXPECT_THAT(told("300000"), HasSubstr("Time left: about 5 minutes."));
    EXPECT_THAT(told("3420000", Language::russian), HasSubstr("Осталось примерно: 57 минут."));
}

TEST(Menus, TheVoiceMenuOffersToHearAndToChooseAndTheOtherLanguages) {
    Settings settings;
    settings.language = Language::russian;
    const auto menu = voice_menu(settings, demonstration, "");
    EXPECT_THAT(menu.text, HasSubstr("Сейчас читает: Anna"));
    EXPECT_THAT(menu.text, HasSubstr("демонстрационный"));
    ASSERT_EQ(menu.keyboard.size(), 2U);
    EXPECT_EQ(menu.keyboard[0][0].text, "✓ Anna");
    EXPECT_EQ(menu.keyboard[0][0].data, "voice:anna");
    EXPECT_EQ(menu.keyboard[0][1].data, "sample:anna");
    EXPECT_EQ(menu.keyboard[1][0].data, "voices:en");
    EXPECT_EQ(menu.keyboard[1][0].text, "английский");
    settings.voice = "slt";
    EXPECT_EQ(voice_menu(settings, demonstration, "").keyboard[0][0].text, "✓ Slt");
    EXPECT_EQ(voice_menu(settings, demonstration, "ru").keyboard[0][0].text, "Anna");
}

TEST(Menus, AProviderWithVeryManyVoicesStaysWithinTelegramsLimits) {
    Engine many;
    for (char a = 'a'; a <= 'z'; ++a)
        for (char b = 'a'; b <= 'z'; ++b)
            many.voices.push_back({std::string{a, b}, "Voice", std::string{a, b}});
    for (int i = 0; i < 200; ++i) many.voices.push_back({"v" + std::to_string(i), "Voice", "en"});
    const auto menu = voice_menu({}, many, "en");
    std::size_t buttons = 0;
    for (const auto& row : menu.keyboard) {
        EXPECT_LE(row.size(), 8U);
        buttons += row.size();
    }
    EXPECT_LE(buttons, 100U);
}

TEST(Menus, TheSettingsMarkWhatIsChosen) {
    Settings settings;
    settings.speed_percent = 125;
    settings.reply_format = ReplyFormat::file;
    const auto menu = settings_menu(settings, demonstration);
    EXPECT_THAT(menu.text, HasSubstr("Speed of speech: 125 %"));
    EXPECT_THAT(menu.text, HasSubstr("a file"));
    std::vector<std::string> chosen;
    for (const auto& row : menu.keyboard)
        for (const auto& button : row)
            if (button.text.starts_with("✓")) chosen.push_back(button.data);
    EXPECT_THAT(chosen, testing::ElementsAre("speed:125", "format:file", "spoken:en"));
}

TEST(History, ShowsRunningBalancesAndWhoServed) {
    HistoryLine charge;
    charge.transaction.id = 7;
    charge.transaction.amount = Credits(-2);
    charge.transaction.type = TransactionType::charge;
    charge.transaction.balance_after = Credits(18);
    charge.transaction.created_at = Time(Duration(1'795'442'700'000));
    charge.type = TaskType::text;
    charge.provider = "local";
    HistoryLine grant = charge;
    grant.transaction.amount = Credits(20);
    grant.transaction.type = TransactionType::grant;
    grant.transaction.balance_after = Credits(20);
    grant.type.reset();
    grant.provider.clear();
    const auto page = history_text(Language::russian, {charge, grant});
    EXPECT_EQ(page.text,
              "Последние операции, время UTC:\n"
              "23.11.2026 14:05 · −2 · текст в голос (local) · осталось 18\n"
              "23.11.2026 14:05 · +20 · начислено · осталось 20");
    EXPECT_TRUE(page.keyboard.empty());
    const auto full = history_text(Language::english, std::vector<HistoryLine>(10, charge));
    EXPECT_EQ(full.keyboard.at(0).at(0).data, "history:7");
    EXPECT_EQ(history_text(Language::english, {}).text, "Nothing has happened yet.");
}

}  // namespace
}  // namespace mlbilling::bot
