#include "main/listeners.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "adapters/system_clock/system_clock.hpp"
#include "base/log_lines.hpp"
#include "support/http_client.hpp"
#include "support/run.hpp"

// What a process answers on its sockets, and on which.
namespace mlbilling::test {
namespace {

using testing::HasSubstr;

constexpr const char* secret = "0123456789abcdefghijkl";
constexpr const char* update = R"({"update_id":5,"message":{"message_id":1,"date":1,)"
                               R"("chat":{"id":42,"type":"private"},"from":{"id":42},)"
                               R"("text":"hi"}})";

class CountingReceiver final : public telegram::UpdateReceiver {
  public:
    int received = 0;
    Async<bool> receive(telegram::Update) override {
        ++received;
        co_return true;
    }
};

Async<Statistics> no_sums() { co_return Statistics(); }
Async<std::optional<Time>> no_backup() { co_return std::nullopt; }

class ListenersTest : public testing::Test {
  protected:
    ~ListenersTest() override {
        if (!listeners) return;
        run(loop, listeners->stop(Duration(0)));
        endpoints.stop();
        loop.restart();
        loop.run();
    }
    void start(bool webhook, bool own_listener) {
        config.telegram_token = "42:token";
        config.http_listen = ListenAddress{"127.0.0.1", 0};
        if (webhook) config.webhook = Webhook{"https://bot.example.org", secret};
        if (own_listener) config.webhook_listen = ListenAddress{"127.0.0.1", 0};
        listeners.emplace(loop.get_executor(), config, ListenAddress{"127.0.0.1", 8080}, endpoints);
        listeners->take_updates(config, receiver);
        boost::asio::co_spawn(loop, endpoints.run(), [](std::exception_ptr) {});
    }
    int status(std::uint16_t port, const std::string& method, const std::string& target,
               const std::string& given_secret = secret) {
        const auto text = request_text(port, method, target, method == "POST" ? update : "",
                                       {{"X-Telegram-Bot-Api-Secret-Token", given_secret}});
        return run(loop, exchange(&loop, port, text)).status;
    }

    boost::asio::io_context loop;
    SystemClock clock{loop.get_executor()};
    Config config;
    CountingReceiver receiver;
    prometheus_text::PrometheusMetrics metrics{"1", "local"};
    Endpoints endpoints{{no_sums, no_backup},
                        clock,
                        metrics,
                        [] { return std::optional<std::string>(); },
                        [] { return LedgerState(); }};
    std::optional<Listeners> listeners;
};

TEST_F(ListenersTest, AWebhookWithAListenerOfItsOwnIsThereAndNowhereElse) {
    const auto warnings = log::lines(log::Level::warning);
    start(true, true);
    EXPECT_EQ(log::lines(log::Level::warning), warnings);
    const auto own = listeners->webhook_port().value();
    EXPECT_EQ(status(own, "POST", "/telegram/webhook"), 200);
    EXPECT_EQ(status(listeners->port(), "POST", "/telegram/webhook"), 404);
    EXPECT_EQ(receiver.received, 1);
    for (const char* path : {"/", "/metrics", "/readyz", "/healthz"}) {
        EXPECT_EQ(status(own, "GET", path), 404) << path;
        EXPECT_EQ(status(own, "POST", path), 404) << path;
    }
    for (const char* method : {"GET", "PUT", "DELETE", "OPTIONS"})
        EXPECT_EQ(status(own, method, "/telegram/webhook"), 405) << method;
    EXPECT_EQ(status(listeners->port(), "GET", "/metrics"), 200);
}

TEST_F(ListenersTest, WithoutOneItIsServedBesideTheProbesWithOneWarning) {
    const auto warnings = log::lines(log::Level::warning);
    start(true, false);
    EXPECT_EQ(log::lines(log::Level::warning), warnings + 1);
    EXPECT_FALSE(listeners->webhook_port().has_value());
    EXPECT_EQ(status(listeners->port(), "POST", "/telegram/webhook"), 200);
    EXPECT_EQ(status(listeners->port(), "GET", "/readyz"), 200);
}

TEST_F(ListenersTest, ProcessesThatPollHaveNoWebhook) {
    start(false, true);
    EXPECT_FALSE(listeners->webhook_port().has_value());
    EXPECT_EQ(status(listeners->port(), "POST", "/telegram/webhook"), 404);
}

TEST_F(ListenersTest, TheWebhooksPathHasOneSpelling) {
    start(true, false);
    for (const char* other :
         {"/telegram%2fwebhook", "/%74elegram/webhook", "/telegram/webhook/", "/telegram//webhook",
          "/telegram/webhook?a=b", "/Telegram/webhook", "/x/../telegram/webhook"})
        EXPECT_EQ(status(listeners->port(), "POST", other), 404) << other;
    EXPECT_EQ(receiver.received, 0);
}

TEST_F(ListenersTest, AStrangerIsRefusedBeforeTheBodyComes) {
    start(true, true);
    const auto port = listeners->webhook_port().value();
    std::vector<std::unique_ptr<HttpClient>> strangers;
    for (int i = 0; i < 300; ++i) {
        strangers.push_back(std::make_unique<HttpClient>(loop, port));
        run(loop, strangers.back()->connect());
        run(loop, strangers.back()->send("POST /telegram/webhook HTTP/1.1\r\nHost: x\r\n"
                                         "Content-Length: 1048576\r\n\r\n"));
    }
    EXPECT_EQ(status(port, "POST", "/telegram/webhook"), 200);
    for (const auto& stranger : strangers) EXPECT_EQ(run(loop, stranger->receive()).status, 401);
}

TEST_F(ListenersTest, EveryPageAnswersHeadAsItAnswersGet) {
    start(false, false);
    for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
        HttpClient client(loop, listeners->port());
        run(loop, client.connect());
        run(loop, client.send(request_text(listeners->port(), "HEAD", path)));
        const auto head = run(loop, client.receive_head());
        EXPECT_EQ(head.status, 200) << path;
        EXPECT_GT(std::stoi(head.headers.at("content-length")), 0) << path;
        run(loop, client.send(request_text(listeners->port(), "GET", path)));
        EXPECT_EQ(run(loop, client.receive()).status, 200) << path;
    }
}

}  // namespace
}  // namespace mlbilling::test
