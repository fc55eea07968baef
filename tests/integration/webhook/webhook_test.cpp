#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>
#include <functional>

#include "adapters/http_client/http_client.hpp"
#include "adapters/http_server/http_server.hpp"
#include "adapters/telegram/telegram_api.hpp"
#include "adapters/telegram/webhook_endpoint.hpp"
#include "bot/bot.hpp"
#include "main/webhook_carrier.hpp"
#include "memory_store.hpp"
#include "sandbox/sandbox.hpp"
#include "stand_ins.hpp"
#include "support/run.hpp"
#include "support/seeded_random.hpp"
#include "support/virtual_clock.hpp"

// The bot behind its webhook, the sandbox as Telegram, and real HTTP in both directions. What waits
// by the Clock port waits on virtual time, which passes when nothing else happens.
namespace mlbilling::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* token = "42:token-for-the-sandbox";
constexpr const char* secret = "the-Secret_1";

class WebhookOverHttp : public testing::Test {
  protected:
    WebhookOverHttp() {
        sandbox::Sandbox::Options options;
        options.webhooks = &carrier;
        telegram_server.emplace(loop.get_executor(), clock, random, options);
        telegram_server->start();
        telegram::TelegramOptions how;
        how.token = token;
        how.api_base = base();
        telegram.emplace(loop.get_executor(), clock, metrics, how);
    }
    ~WebhookOverHttp() override {
        bot->stop();
        until([this] { return ended; });
        run(loop, telegram_server->stop());
        run(loop, web_server->stop(Duration(100)));
    }

    std::string base() const {
        return "http://127.0.0.1:" + std::to_string(telegram_server->port());
    }
    std::string webhook_url() const {
        return "http://127.0.0.1:" + std::to_string(web_server->port()) + "/telegram/webhook";
    }
    void start_bot() {
        web_server.emplace(
            loop.get_executor(), "127.0.0.1", std::uint16_t{0},
            [this](HttpRequest request) {
                ++brought;
                return endpoint->answer(std::move(request));
            },
            HttpLimits(), [this](const HttpRequest& head) { return endpoint->admit(head); });
        bot::BotOptions options;
        options.reply_queue = QueueName("replies.test");
        options.webhook = telegram::Webhook{webhook_url(), secret, 40};
        bot.emplace(bot::Dependencies{store, store, store, store, *telegram, broker, results,
                                      speech, codec, clock, random, metrics, publisher},
                    options);
        endpoint.emplace(secret, BotId(42), *bot);
        asio::co_spawn(loop, bot->run(), [this](std::exception_ptr) { ended = true; });
        until([this] { return bot->state() == bot::UpdateState::receiving; });
    }
    void until(const std::function<bool()>& condition) {
        for (int turn = 0; turn < 3'000 && !condition(); ++turn) {
            loop.restart();
            if (loop.run_for(std::chrono::milliseconds(10)) == 0 && !condition())
                clock.step(clock.now() + Duration(5'000));
        }
        EXPECT_TRUE(condition());
    }
    HttpAnswer call(HttpMethod method, std::string url, std::string body = "",
                    HttpHeaders headers = {}) {
        HttpCall call;
        call.method = method;
        call.url = std::move(url);
        call.body = std::move(body);
        call.headers = std::move(headers);
        call.headers.emplace_back("Content-Type", "application/json");
        auto result = run(loop, client.perform(std::move(call)));
        EXPECT_TRUE(result.ok());
        return result.ok() ? std::move(*result) : HttpAnswer();
    }
    void anna_writes(const std::string& text) {
        const json::object body{{"from", 1001}, {"text", text}};
        const auto answer = call(HttpMethod::post, base() + "/sandbox/api/chats/1001/messages",
                                 json::serialize(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
    }
    /// What the bot sent to Anna.
    std::vector<std::string> answers() {
        const auto record = call(HttpMethod::get, base() + "/sandbox/api/record?chat_id=1001");
        const auto entries = json::parse(record.body);
        std::vector<std::string> texts;
        for (const auto& entry : entries.as_array())
            texts.emplace_back(entry.at("text").as_string());
        return texts;
    }

    asio::io_context loop{1};
    VirtualClock clock{loop};
    SeededRandom random{1};
    HttpWebhookCarrier carrier{loop.get_executor()};
    HttpClient client{loop.get_executor(), HttpOptions()};
    CountingMetrics metrics;
    MemoryStore store{clock};
    MemoryBroker broker;
    MemoryResults results;
    StandInSpeech speech;
    StandInCodec codec;
    OutboxPublisher publisher{broker, store};
    std::optional<sandbox::Sandbox> telegram_server;
    std::optional<telegram::TelegramApi> telegram;
    std::optional<bot::Bot> bot;
    std::optional<telegram::WebhookEndpoint> endpoint;
    std::optional<HttpServer> web_server;
    bool ended = false;
    int brought = 0;
};

TEST_F(WebhookOverHttp, AMessageIsBroughtAndAnswered) {
    anna_writes("/balance");
    start_bot();
    until([this] { return !answers().empty(); });
    EXPECT_THAT(answers(), ElementsAre(HasSubstr("20")));
    EXPECT_EQ(brought, 1);
}

TEST_F(WebhookOverHttp, WhatCouldNotBeStoredIsBroughtAgainInOrder) {
    start_bot();
    store.fail_next("answer", 2);
    anna_writes("/balance");
    anna_writes("/privacy");
    until([this] { return answers().size() == 2; });
    EXPECT_EQ(brought, 4);
    EXPECT_THAT(answers().at(0), HasSubstr("20"));
}

TEST_F(WebhookOverHttp, AnUpdateThatIsBroughtTwiceIsAnsweredOnce) {
    start_bot();
    store.lose_next_answer("answer");
    anna_writes("/balance");
    until([this] { return brought == 2 && !answers().empty(); });
    call(HttpMethod::post, base() + "/sandbox/api/repeat", R"({"chat_id":1001})");
    until([this] { return brought == 3 && metrics.duplicates == 2; });
    EXPECT_EQ(answers().size(), 1U);
}

TEST_F(WebhookOverHttp, AStrangerIsRefusedAndNothingOfTheRequestIsRead) {
    start_bot();
    const std::string update = R"({"update_id":1,"message":{"message_id":1,"date":1,)"
                               R"("chat":{"id":1001,"type":"private"},"from":{"id":1001},)"
                               R"("text":"/balance"}})";
    EXPECT_EQ(call(HttpMethod::post, webhook_url(), update).status, 401);
    EXPECT_EQ(call(HttpMethod::post, webhook_url(), update,
                   {{"X-Telegram-Bot-Api-Secret-Token", "guess"}})
                  .status,
              401);
    EXPECT_EQ(call(HttpMethod::get, webhook_url()).status, 405);
    EXPECT_EQ(call(HttpMethod::post, webhook_url(), std::string((1 << 20) + 1, 'x'),
                   {{"X-Telegram-Bot-Api-Secret-Token", secret}})
                  .status,
              413);
    EXPECT_TRUE(store.users.empty());
}

}  // namespace
}  // namespace mlbilling::test
