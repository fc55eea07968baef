#include "store_contract.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST_P(StoreContract, AnUnknownSenderIsRegisteredWithTheStartingGrant) {
    accept(1, "1_1", 35);
    const auto profile = run(store().profile(TelegramId(1))).value();
    EXPECT_EQ(profile.username, "user1");
    EXPECT_EQ(profile.role, Role::user);
    EXPECT_EQ(profile.account, credits(20, 4));
    const auto lines = run(store().history(TelegramId(1), std::nullopt, 10));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].transaction.type, TransactionType::grant);
    EXPECT_EQ(lines[0].transaction.amount, Credits(20));
    EXPECT_EQ(lines[0].transaction.key, key_of_registration(profile.id).value());
}

TEST_P(StoreContract, TheGrantIsGivenOnce) {
    accept(1, "1_1", 10);
    accept(1, "1_2", 10);
    EXPECT_EQ(account(1), credits(20, 2));
}

TEST_P(StoreContract, AGrantOfNothingLeavesNoLedgerRow) {
    auto request = text_request(1, "1_1", 10);
    request.start.credits = Credits(0);
    EXPECT_TRUE(std::holds_alternative<Insufficient>(run(store().accept(request))));
    EXPECT_TRUE(run(store().history(TelegramId(1), std::nullopt, 10)).empty());
}

TEST_P(StoreContract, AnAcceptedTaskHoldsItsPriceAndPinsIt) {
    const auto accepted = accept(1, "1_1", 35);
    EXPECT_EQ(accepted.account, credits(20, 4));
    EXPECT_EQ(accepted.task.held, Credits(4));
    EXPECT_EQ(accepted.task.status, TaskStatus::created);
    EXPECT_EQ(accepted.task.price.micro_credits_per_unit, 100'000);
    EXPECT_EQ(accepted.task.created_at, clock().now());
    EXPECT_EQ(accepted.task.deadline_at, clock().now() + time_limit);
    EXPECT_EQ(accepted.task.telegram, TelegramId(1));
    EXPECT_EQ(accepted.task.place->chat, ChatId(1));
    EXPECT_EQ(accepted.outbox.kind, OutboxRecord::Kind::task);
    EXPECT_EQ(accepted.outbox.task.id, TaskId("1_1"));
    EXPECT_EQ(story("1_1").hold, HoldState::open);
}

TEST_P(StoreContract, TheSettingsOfTheMomentBecomePartOfTheTask) {
    SettingsChange change;
    change.voice = "dora";
    change.speed_percent = 150;
    change.reply_format = ReplyFormat::file;
    run(store().change_settings(answer_request(1, {Notice::Kind::settings_changed, {}}), change));
    const auto text = accept(1, "1_1", 10).task.payload;
    EXPECT_EQ(text.voice, "dora");
    EXPECT_EQ(text.speed_percent, 150);
    EXPECT_EQ(text.reply_format, ReplyFormat::file);
    auto request = text_request(1, "1_2", 1000);
    request.type = TaskType::voice;
    request.file_unique_id = "unique";
    const auto voice = accept(request).task.payload;
    EXPECT_EQ(voice.spoken_language, "en");
    EXPECT_EQ(voice.file_unique_id, "unique");
    change = {};
    change.spoken_language = "de";
    run(store().change_settings(answer_request(1, {Notice::Kind::settings_changed, {}}), change));
    request = text_request(1, "1_3", 1000);
    request.type = TaskType::voice;
    EXPECT_EQ(accept(request).task.payload.spoken_language, "de");
    EXPECT_EQ(story("1_1").task.payload, text);
}

TEST_P(StoreContract, OnlyWhatIsSetOfASettingsChangeChanges) {
    run(store().answer(answer_request(1, {Notice::Kind::help, {}})));
    SettingsChange change;
    change.language = Language::russian;
    run(store().change_settings(answer_request(1, {Notice::Kind::settings_changed, {}}), change));
    auto expected = Settings{};
    expected.language = Language::russian;
    EXPECT_EQ(run(store().profile(TelegramId(1)))->settings, expected);
}

TEST_P(StoreContract, ARepeatedUpdateChangesNothing) {
    const auto request = text_request(1, "1_1", 35);
    accept(request);
    const auto repeated = std::get<AlreadyKnown>(run(store().accept(request)));
    EXPECT_EQ(repeated.task.value().id, TaskId("1_1"));
    EXPECT_EQ(account(1), credits(20, 4));
    auto other = text_request(1, "1_2", 35);
    other.update = request.update;
    EXPECT_FALSE(std::get<AlreadyKnown>(run(store().accept(other))).task.has_value());
    EXPECT_EQ(account(1), credits(20, 4));
}

TEST_P(StoreContract, AnUpdateOfAnotherBotIsAnotherUpdate) {
    auto request = text_request(1, "1_1", 10);
    accept(request);
    request.update->bot = BotId(2);
    request.id = TaskId("1_2");
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(store().accept(request))));
}

TEST_P(StoreContract, ARepeatedTaskIdIsNeverHeldTwice) {
    accept(foreign_request(1, "1_1", 35));
    const auto repeated = run(store().accept(foreign_request(1, "1_1", 35)));
    EXPECT_EQ(std::get<AlreadyKnown>(repeated).task.value().status, TaskStatus::created);
    EXPECT_EQ(account(1), credits(20, 4));
}

TEST_P(StoreContract, WhatIsNotAvailableIsRefusedWithTheFigures) {
    accept(1, "1_1", 150);
    const auto outcome = run(store().accept(text_request(1, "1_2", 60)));
    const auto& insufficient = std::get<Insufficient>(outcome);
    EXPECT_EQ(insufficient.price, Credits(6));
    EXPECT_EQ(insufficient.account, credits(20, 15));
    const auto delivery = claim(insufficient.notice.value());
    EXPECT_EQ(delivery.notice.kind, Notice::Kind::insufficient);
    EXPECT_THAT(delivery.notice.facts,
                UnorderedElementsAre(Pair("price", "6"), Pair("balance", "20"), Pair("held", "15"),
                                     Pair("type", "text")));
    EXPECT_EQ(account(1), credits(20, 15));
    EXPECT_FALSE(run(store().story(TaskId("1_2"))).has_value());
}

TEST_P(StoreContract, WhatIsExactlyAvailableIsHeld) {
    EXPECT_EQ(accept(1, "1_1", 200).account, credits(20, 20));
    EXPECT_TRUE(
        std::holds_alternative<Insufficient>(run(store().accept(text_request(1, "1_2", 1)))));
}

TEST_P(StoreContract, APriceBeyondAllCreditsIsRefused) {
    const auto outcome = run(store().accept(text_request(1, "1_1", 4'000'000'000'000)));
    EXPECT_EQ(std::get<Insufficient>(outcome).price, Credits(Credits::limit));
}

TEST_P(StoreContract, AnotherProducersRefusalIsNobodysNotice) {
    const auto outcome = run(store().accept(foreign_request(1, "1_1", 1000)));
    EXPECT_FALSE(std::get<Insufficient>(outcome).notice.has_value());
    EXPECT_EQ(account(1), credits(20, 0));
}

TEST_P(StoreContract, AQueueMessageDoesNotEraseTheName) {
    accept(1, "1_1", 10);
    accept(foreign_request(1, "1_2", 10));
    EXPECT_EQ(run(store().profile(TelegramId(1)))->username, "user1");
}

TEST_P(StoreContract, ABannedUserIsRefused) {
    accept(1, "1_1", 10);
    run(store().set_role(TelegramId(1), Role::banned, "operator"));
    const auto outcome = run(store().accept(text_request(1, "1_2", 10)));
    EXPECT_EQ(claim(std::get<Refused>(outcome).notice.value()).notice.kind, Notice::Kind::banned);
    EXPECT_EQ(account(1), credits(20, 1));
    const auto foreign = run(store().accept(foreign_request(1, "1_3", 10)));
    EXPECT_FALSE(std::get<Refused>(foreign).notice.has_value());
}

TEST_P(StoreContract, AnAnswerIsDueOnce) {
    auto request = answer_request(1, {Notice::Kind::balance, {{"a", "1"}}});
    request.edit = MessageId(99);
    const auto id = run(store().answer(request)).value();
    EXPECT_FALSE(run(store().answer(request)).has_value());
    const auto delivery = claim(id);
    EXPECT_EQ(delivery.notice, request.notice);
    EXPECT_EQ(delivery.chat, ChatId(1));
    EXPECT_EQ(delivery.reply_to, MessageId(8));
    EXPECT_EQ(delivery.edit, MessageId(99));
    EXPECT_EQ(delivery.profile.account, credits(20, 0));
    EXPECT_FALSE(delivery.task.has_value());
}

TEST_P(StoreContract, TheWelcomeNamesTheGrantOfANewUserOnly) {
    const auto first = run(store().answer(answer_request(1, {Notice::Kind::welcome, {}})));
    EXPECT_THAT(claim(*first).notice.facts, ElementsAre(Pair("granted", "20")));
    clock().advance(claim_time);
    const auto second = run(store().answer(answer_request(1, {Notice::Kind::welcome, {}})));
    EXPECT_TRUE(claim(*second).notice.facts.empty());
}

TEST_P(StoreContract, ATaskIsFoundAsItStands) {
    EXPECT_FALSE(run(store().find_task(TaskId("1_1"))).has_value());
    accept(1, "1_1", 10);
    EXPECT_EQ(run(store().find_task(TaskId("1_1"))).value().status, TaskStatus::created);
    complete(lease("1_1"), 1);
    const auto task = run(store().find_task(TaskId("1_1"))).value();
    EXPECT_EQ(task.status, TaskStatus::completed);
    EXPECT_EQ(task.telegram, TelegramId(1));
    EXPECT_EQ(task.result.parts.size(), 1U);
}

TEST_P(StoreContract, TheHistoryIsNewestFirstAndPaged) {
    for (int i = 1; i <= 3; ++i) {
        const auto id = "1_" + std::to_string(i);
        accept(1, id, 10);
        complete(lease(id), 1);
    }
    accept(2, "2_1", 10);
    const auto page = run(store().history(TelegramId(1), std::nullopt, 2));
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].transaction.task, TaskId("1_3"));
    EXPECT_EQ(page[0].transaction.balance_after, Credits(17));
    EXPECT_EQ(page[0].type, TaskType::text);
    EXPECT_EQ(page[0].provider, "local");
    EXPECT_EQ(page[1].transaction.task, TaskId("1_2"));
    const auto rest = run(store().history(TelegramId(1), page[1].transaction.id, 10));
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_EQ(rest[0].transaction.task, TaskId("1_1"));
    EXPECT_EQ(rest[1].transaction.type, TransactionType::grant);
    EXPECT_FALSE(rest[1].type.has_value());
    EXPECT_TRUE(run(store().history(TelegramId(3), std::nullopt, 10)).empty());
}

TEST_P(StoreContract, TheDefaultPricesAreThoseOfTheDesign) {
    const auto prices = run(store().current_prices());
    ASSERT_EQ(prices.size(), 2U);
    for (const auto& price : prices) {
        EXPECT_EQ(price.micro_credits_per_unit, price.type == TaskType::text ? 100'000 : 500'000);
        EXPECT_EQ(price.min_credits, Credits(1));
        EXPECT_EQ(price.cached_percent, 50);
    }
    EXPECT_NE(prices[0].type, prices[1].type);
}

}  // namespace
}  // namespace mlbilling::test
