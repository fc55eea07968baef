#include <gmock/gmock.h>

#include "bot_world.hpp"

// Sent once, though nobody may know whether it was.
namespace mlbilling::test {
namespace {

using telegram::Failure;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using DeliveryOnce = BotWorld;

TEST_F(DeliveryOnce, AnAmbiguousEndIsTriedOnceMoreAndThenLeft) {
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

TEST_F(DeliveryOnce, AResultThatMayBeLostIsSaidSoAndSentAgainAtAPress) {
    start();
    const auto task = write("Hello");
    telegram.fail_next("sendVoice", Failure::ambiguous);
    telegram.fail_next("sendVoice", Failure::ambiguous);
    complete_text(task, {"one"}, 1);
    pass(Duration(60'000));
    const auto notice = telegram.last("sendMessage");
    EXPECT_THAT(notice.text, HasSubstr("cannot tell whether you have it"));
    EXPECT_EQ(notice.reply_to, MessageId(1));
    ASSERT_THAT(notice.keyboard, SizeIs(1));
    arrive(press(notice.keyboard[0][0].data, notice.message->value()));
    EXPECT_EQ(telegram.count("sendVoice"), 3U);
    EXPECT_EQ(telegram.last("sendVoice").file.bytes, "one");
    EXPECT_EQ(telegram.last("sendVoice").file.reply_to, MessageId(1));
    EXPECT_EQ(telegram.last("deleteMessage").message, notice.message);
    EXPECT_EQ(store.users.at(TelegramId(7)).account.balance, Credits(19));
}

TEST_F(DeliveryOnce, NobodyGetsAnothersResultAgain) {
    start();
    const auto task = write("Hello");
    complete_text(task, {"one"}, 1);
    auto query = press("again:" + task.value());
    query.from.id = TelegramId(8);
    query.chat->id = ChatId(8);
    store.buttons[{ChatId(8), MessageId(500)}] = {ButtonMessage::menu, TelegramId(8)};
    arrive(std::move(query));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(telegram.last("editMessageText").text, "This button no longer works");
}

TEST_F(DeliveryOnce, AnAnswerThatMayBeLostIsSaidSoOnce) {
    start();
    for (int i = 0; i < 4; ++i) telegram.fail_next("sendMessage", Failure::ambiguous);
    write("/balance");
    pass(Duration(300'000));
    EXPECT_EQ(telegram.count("sendMessage"), 4U);
    EXPECT_THAT(telegram.last("sendMessage").text, HasSubstr("please ask again"));
    EXPECT_THAT(telegram.last("sendMessage").keyboard, IsEmpty());
    EXPECT_THAT(store.deliveries, SizeIs(2));
}

TEST_F(DeliveryOnce, AResultIsSentOnceHoweverManyRepliesCome) {
    start();
    const auto task = write("Hello");
    complete_text(task, {"one"}, 1);
    broker.reply(task.value());
    broker.reply(task.value());
    pass(Duration(10'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_THAT(broker.acknowledged, SizeIs(3));
}

TEST_F(DeliveryOnce, ALastMarkThatIsNotSeenIsMadeAgainAndNothingIsSentTwice) {
    start();
    const auto task = write("Hello");
    store.lose_next_answer("part_sent");
    complete_text(task, {"one"}, 1);
    pass(Duration(300'000));
    EXPECT_EQ(telegram.count("sendVoice"), 1U);
    EXPECT_EQ(store.delivery_of(task).state, "sent");
}

TEST_F(DeliveryOnce, AMarkInBetweenIsNeverMadeTwiceSoThatNoPartIsSkipped) {
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

TEST_F(DeliveryOnce, AMarkThatCannotBeMadeLeadsToOneDuplicateAtMost) {
    start();
    const auto task = write("Hello");
    store.fail_next("part_sent", 100);
    complete_text(task, {"one"}, 1);
    pass(Duration(1'000'000));
    EXPECT_EQ(telegram.count("sendVoice"), 2U);
}

TEST_F(DeliveryOnce, AClaimThatFailsIsLeftToTheSweep) {
    start();
    store.fail_next("claim", 2);
    write("/balance");
    EXPECT_EQ(telegram.count("sendMessage"), 0U);
    pass(Duration(5'000));
    EXPECT_EQ(telegram.count("sendMessage"), 1U);
}

}  // namespace
}  // namespace mlbilling::test
