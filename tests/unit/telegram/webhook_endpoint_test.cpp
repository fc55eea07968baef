#include "adapters/telegram/webhook_endpoint.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <vector>

#include "support/run.hpp"

namespace mlbilling::telegram {
namespace {

class RememberingReceiver final : public UpdateReceiver {
  public:
    std::vector<Update> updates;
    bool stores = true;

    Async<bool> receive(Update update) override {
        updates.push_back(std::move(update));
        co_return stores;
    }
};

class WebhookEndpointTest : public testing::Test {
  protected:
    const std::string secret = "right-Secret_1";
    boost::asio::io_context loop;
    RememberingReceiver receiver;
    WebhookEndpoint endpoint{secret, BotId(777), receiver};

    HttpRequest request(std::string body = R"({"update_id":5,"message":{"message_id":1,"date":1,)"
                                           R"("chat":{"id":42,"type":"private"},)"
                                           R"("from":{"id":42},"text":"hi"}})") {
        HttpRequest request;
        request.method = "POST";
        request.path = "/telegram/webhook";
        request.headers["x-telegram-bot-api-secret-token"] = secret;
        request.body = std::move(body);
        return request;
    }
    /// As the server does with a request.
    HttpResponse answer(HttpRequest request) {
        auto head = request;
        head.body.clear();
        auto admission = endpoint.admit(head);
        if (admission.refusal) return *admission.refusal;
        if (request.body.size() > admission.max_body) return plain_answer(413, "too large");
        return test::run(loop, endpoint.answer(std::move(request)));
    }
};

TEST_F(WebhookEndpointTest, AnUpdateThatIsStoredIsAnswered200) {
    EXPECT_EQ(answer(request()).status, 200);
    ASSERT_EQ(receiver.updates.size(), 1U);
    EXPECT_EQ(receiver.updates[0].id, UpdateId(5));
    EXPECT_EQ(std::get<IncomingMessage>(receiver.updates[0].content).text, "hi");
}

TEST_F(WebhookEndpointTest, AnUpdateThatIsNotStoredIsToBeBroughtAgainAfterAWhile) {
    receiver.stores = false;
    const auto response = answer(request());
    EXPECT_EQ(response.status, 503);
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers[0].first, "Retry-After");
    EXPECT_GE(std::stoi(response.headers[0].second), 1);
}

TEST_F(WebhookEndpointTest, WhoeverDoesNotKnowTheSecretIsRefusedWhateverTheySend) {
    for (const auto* wrong : {"", "right-Secret_", "right-Secret_12", "Right-Secret_1",
                              "right-Secret_1, right-Secret_1"}) {
        auto stranger = request("{ not even JSON");
        stranger.headers["x-telegram-bot-api-secret-token"] = wrong;
        EXPECT_EQ(answer(stranger).status, 401) << wrong;
    }
    auto silent = request();
    silent.headers.clear();
    EXPECT_EQ(answer(silent).status, 401);
    EXPECT_TRUE(receiver.updates.empty());
}

TEST_F(WebhookEndpointTest, OnlyPostBringsUpdates) {
    auto look = request();
    look.method = "GET";
    const auto response = answer(look);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.at(0), (std::pair<std::string, std::string>("Allow", "POST")));
    EXPECT_TRUE(receiver.updates.empty());
}

TEST_F(WebhookEndpointTest, WhatIsNoUpdateIsRefused) {
    for (const auto* odd : {"", "[]", "{}", "{\"update_id\":-1}", "{\"update_id\":\"5\"}",
                            "{\"update_id\":5} trailing", "null"})
        EXPECT_EQ(answer(request(odd)).status, 400) << odd;
    EXPECT_TRUE(receiver.updates.empty());
}

TEST_F(WebhookEndpointTest, DepthAndSizeAreBounded) {
    const std::string deep =
        R"({"update_id":5,"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    EXPECT_EQ(answer(request(deep)).status, 400);
    const std::string large = R"({"update_id":5,"x":")" + std::string(1 << 20, 'x') + "\"}";
    EXPECT_EQ(answer(request(large)).status, 413);
    EXPECT_TRUE(receiver.updates.empty());
}

TEST_F(WebhookEndpointTest, AKindOfUpdateThatIsNotKnownIsDoneWithToo) {
    EXPECT_EQ(answer(request(R"({"update_id":5,"poll":{"id":"1"}})")).status, 200);
    ASSERT_EQ(receiver.updates.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(receiver.updates[0].content));
}

TEST(WebhookSecret, HasTheFormThatTelegramTakes) {
    EXPECT_TRUE(is_webhook_secret("Az09_-"));
    EXPECT_TRUE(is_webhook_secret(std::string(256, 'a')));
    EXPECT_FALSE(is_webhook_secret(""));
    EXPECT_FALSE(is_webhook_secret(std::string(257, 'a')));
    EXPECT_FALSE(is_webhook_secret("with space"));
    EXPECT_FALSE(is_webhook_secret("with\nbreak"));
}

}  // namespace
}  // namespace mlbilling::telegram
