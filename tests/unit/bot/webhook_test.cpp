#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <optional>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::Optional;
using testing::SizeIs;

/// The bot with a webhook: the test brings the updates, as Telegram would.
class WebhookTest : public BotWorld {
  protected:
    WebhookTest() {
        options.webhook = telegram::Webhook{"https://bot.example/telegram/webhook", "secret", 7};
    }
    /// What the bot answers, once it has.
    std::shared_ptr<std::optional<bool>> bring(telegram::Update update) {
        auto answer = std::make_shared<std::optional<bool>>();
        boost::asio::co_spawn(loop, bot->receive(std::move(update)),
                              [answer](std::exception_ptr error, bool done) {
                                  if (!error) *answer = done;
                              });
        clock.drain();
        return answer;
    }
    telegram::Update text(std::int64_t id, std::string words) {
        return {UpdateId(id), message(std::move(words))};
    }
};

TEST_F(WebhookTest, TheWebhookIsSetAtTheStartAndNothingIsPolled) {
    start();
    ASSERT_THAT(telegram.webhooks_set, SizeIs(1));
    EXPECT_EQ(telegram.webhooks_set[0].url, "https://bot.example/telegram/webhook");
    EXPECT_EQ(telegram.webhooks_set[0].secret_token, "secret");
    EXPECT_EQ(telegram.webhooks_set[0].max_connections, 7);
    pass(Duration(120'000));
    EXPECT_THAT(telegram.webhooks_set, SizeIs(1));
    EXPECT_THAT(telegram.polls, SizeIs(0));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(WebhookTest, AnUpdateIsDoneWithWhenItsEffectsAreCommitted) {
    start();
    EXPECT_THAT(*bring(text(1, "Hello")), Optional(true));
    EXPECT_THAT(store.tasks, SizeIs(1));
}

TEST_F(WebhookTest, AnUpdateThatIsNotStoredHasToBeBroughtAgain) {
    start();
    const auto update = text(1, "Hello");
    store.fail_next("accept");
    EXPECT_THAT(*bring(update), Optional(false));
    EXPECT_EQ(bot->state(), bot::UpdateState::store_unavailable);
    EXPECT_THAT(*bring(update), Optional(true));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
    EXPECT_THAT(store.tasks, SizeIs(1));
}

TEST_F(WebhookTest, AProcessThatGetsNothingMoreIsReadyAgainAfterAWhile) {
    start();
    store.fail_next("accept");
    bring(text(1, "Hello"));
    pass(Duration(31'000));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(WebhookTest, AnUpdateThatIsBroughtTwiceChangesNothing) {
    start();
    const auto update = text(1, "Hello");
    store.lose_next_answer("accept");
    EXPECT_THAT(*bring(update), Optional(false));
    EXPECT_THAT(*bring(update), Optional(true));
    EXPECT_THAT(*bring(update), Optional(true));
    EXPECT_THAT(store.tasks, SizeIs(1));
    EXPECT_EQ(metrics.duplicates, 2);
}

TEST_F(WebhookTest, AWebhookThatAnotherRemovedIsSetAgain) {
    start();
    telegram.webhook.url.clear();
    pass(Duration(31'000));
    EXPECT_THAT(telegram.webhooks_set, SizeIs(2));
    EXPECT_EQ(telegram.webhook.url, "https://bot.example/telegram/webhook");
}

TEST_F(WebhookTest, WhenTooManyProcessesStartAtOnceEachSetsItInItsTurn) {
    telegram.fail_next("setWebhook", telegram::Failure::too_many_requests, Duration(40'000));
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::starting);
    pass(Duration(39'999));
    EXPECT_THAT(telegram.webhooks_set, SizeIs(1));
    pass(Duration(1));
    EXPECT_THAT(telegram.webhooks_set, SizeIs(2));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(WebhookTest, AnAddressThatTelegramRefusesIsToldToReadiness) {
    telegram.fail_next("setWebhook", telegram::Failure::bad_request);
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::webhook_refused);
    pass(Duration(31'000));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(WebhookTest, TelegramThatDoesNotAnswerIsToldToReadinessAndAskedAgain) {
    telegram.fail_next("setWebhook", telegram::Failure::ambiguous);
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::unreachable);
    pass(Duration(5'000));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(WebhookTest, AStoppedBotTakesNothingMoreAndLeavesTheWebhookToOthers) {
    start();
    bot->stop();
    clock.drain();
    EXPECT_TRUE(ended);
    EXPECT_THAT(*bring(text(1, "Hello")), Optional(false));
    EXPECT_FALSE(telegram.webhook.url.empty());
}

TEST_F(WebhookTest, BeforeTheBotKnowsItselfUpdatesHaveToWait) {
    telegram.fail_next("getMe", telegram::Failure::not_sent);
    start();
    EXPECT_THAT(*bring(text(1, "Hello")), Optional(false));
    pass(Duration(2'000));
    EXPECT_THAT(*bring(text(1, "Hello")), Optional(true));
}

TEST_F(BotWorld, ABotThatPollsTakesNoUpdatesFromAWebhook) {
    start();
    std::optional<bool> answer;
    boost::asio::co_spawn(loop, bot->receive({UpdateId(1), message("Hello")}),
                          [&](std::exception_ptr, bool done) { answer = done; });
    clock.drain();
    EXPECT_THAT(answer, Optional(false));
}

TEST_F(BotWorld, AWebhookInTheWayOfThePollingIsRemovedAndThePollingGoesOnAtOnce) {
    telegram.webhook.url = "https://somewhere.example/";
    start();
    EXPECT_EQ(telegram.webhook.url, "");
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

TEST_F(BotWorld, AWebhookThatCannotBeRemovedIsTriedAgainLater) {
    telegram.webhook.url = "https://somewhere.example/";
    telegram.fail_next("deleteWebhook", telegram::Failure::ambiguous);
    start();
    EXPECT_EQ(bot->state(), bot::UpdateState::conflict);
    pass(Duration(60'000));
    EXPECT_EQ(bot->state(), bot::UpdateState::receiving);
}

}  // namespace
}  // namespace mlbilling::test
