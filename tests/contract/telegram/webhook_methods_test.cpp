#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "contract/telegram/fixture.hpp"

// Setting, removing and looking at the webhook (telegram.md 1.3).
namespace mlbilling::telegram {
namespace {

namespace json = boost::json;

class TelegramWebhookMethods : public TelegramApiTest {};

TEST_F(TelegramWebhookMethods, AWebhookIsSetForTheUpdatesThatAPollAsksFor) {
    answer_result("true");
    Webhook webhook;
    webhook.url = "https://bot.example/telegram/webhook";
    webhook.secret_token = "se_cr-et";
    webhook.max_connections = 7;
    ASSERT_TRUE(run(api->set_webhook(webhook)).ok());
    EXPECT_EQ(last_request().target, "/bot" + token + "/setWebhook");
    const auto asked = json::parse(last_request().body);
    EXPECT_EQ(asked.at("url"), "https://bot.example/telegram/webhook");
    EXPECT_EQ(asked.at("secret_token"), "se_cr-et");
    EXPECT_EQ(asked.at("max_connections"), 7);
    answer_result("[]");
    ASSERT_TRUE(run(api->get_updates(0, Duration(0))).ok());
    EXPECT_EQ(asked.at("allowed_updates"), json::parse(last_request().body).at("allowed_updates"));
}

TEST_F(TelegramWebhookMethods, ARefusedAddressIsABadRequest) {
    answer_always(400, R"({"ok":false,"error_code":400,)"
                       R"("description":"Bad Request: bad webhook: HTTPS url must be provided"})");
    EXPECT_EQ(error_of(api->set_webhook({})).failure, Failure::bad_request);
}

TEST_F(TelegramWebhookMethods, SettingItTooOftenHasToWait) {
    refuse_with_retry_after(1);
    const auto error = error_of(api->set_webhook({}));
    EXPECT_EQ(error.failure, Failure::too_many_requests);
    EXPECT_EQ(error.retry_after, Duration(1'000));
}

TEST_F(TelegramWebhookMethods, RemovingItKeepsTheUpdatesThatWait) {
    answer_result("true");
    ASSERT_TRUE(run(api->delete_webhook()).ok());
    EXPECT_EQ(last_request().target, "/bot" + token + "/deleteWebhook");
    EXPECT_EQ(json::parse(last_request().body), json::parse("{}"));
}

TEST_F(TelegramWebhookMethods, LookingAtItTellsAddressBacklogAndTheNewestError) {
    answer_result(R"({"url":"https://bot.example/","pending_update_count":12,)"
                  R"("last_error_date":1700000000,"last_error_message":"Read timeout expired"})");
    const auto info = run(api->get_webhook_info());
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->url, "https://bot.example/");
    EXPECT_EQ(info->pending_updates, 12);
    EXPECT_EQ(info->last_error_at, Time(std::chrono::seconds(1'700'000'000)));
    EXPECT_EQ(info->last_error, "Read timeout expired");
}

TEST_F(TelegramWebhookMethods, WithoutAWebhookTheAddressIsEmptyAndThereIsNoError) {
    answer_result(R"({"url":"","has_custom_certificate":false,"pending_update_count":0})");
    const auto info = run(api->get_webhook_info());
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->url, "");
    EXPECT_EQ(info->last_error_at, std::nullopt);
}

TEST_F(TelegramWebhookMethods, AnOddErrorDateIsNone) {
    answer_result(R"({"url":"","last_error_date":9223372036854775807})");
    EXPECT_EQ(run(api->get_webhook_info())->last_error_at, std::nullopt);
    answer_result(R"({"url":7})");
    EXPECT_EQ(error_of(api->get_webhook_info()).failure, Failure::ambiguous);
}

}  // namespace
}  // namespace mlbilling::telegram
