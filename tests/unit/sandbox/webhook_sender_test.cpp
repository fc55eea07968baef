#include "sandbox/webhook_sender.hpp"

#include <boost/asio/co_spawn.hpp>
#include <deque>

#include "bot_fixture.hpp"
#include "sandbox/poller.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A webhook whose answers the test gives.
class ScriptedCarrier final : public WebhookCarrier {
  public:
    explicit ScriptedCarrier(Clock& clock) : clock_(clock) {}

    struct Call {
        std::string url;
        std::string secret;
        std::string text;
        Time at;
    };
    std::vector<Call> calls;
    /// Given in turn; without any, 200.
    std::deque<WebhookAnswer> answers;
    Duration takes{};
    int under_way = 0;

    std::vector<std::string> texts() const {
        std::vector<std::string> all;
        for (const auto& call : calls) all.push_back(call.text);
        return all;
    }

    Async<WebhookAnswer> carry(std::string url, std::string secret, std::string body) override {
        calls.push_back({std::move(url), std::move(secret), text_in(body), clock_.now()});
        struct Guard {
            int& count;
            ~Guard() { --count; }
        };
        const Guard guard{++under_way};
        if (takes > Duration(0)) co_await clock_.sleep(takes);
        WebhookAnswer answer{200, 0, ""};
        if (!answers.empty()) {
            answer = answers.front();
            answers.pop_front();
        }
        co_return answer;
    }

  private:
    static std::string text_in(const std::string& body) {
        const auto update = boost::json::parse(body).as_object();
        if (const auto* query = update.if_contains("callback_query"))
            return "button " + std::string(query->at("data").as_string());
        return std::string(update.at("message").at("text").as_string());
    }

    Clock& clock_;
};

class WebhookSenderTest : public BotFixture {
  protected:
    WebhookSenderTest() {
        state.delivers_webhooks = true;
        boost::asio::co_spawn(loop, sender.run(),
                              [this](std::exception_ptr error) { ended = !error; });
        clock.drain();
    }
    ~WebhookSenderTest() override {
        sender.close();
        clock.advance(Duration(200'000));
        EXPECT_TRUE(ended);
    }
    Answer set(Values values = {}) {
        values.emplace("url", "https://bot.example/hook");
        now = clock.now();
        auto answer = call("setwebhook", std::move(values));
        clock.drain();
        return answer;
    }
    void write(const std::string& text, std::int64_t person = anna) {
        now = clock.now();
        say(text, person);
        clock.drain();
    }
    boost::json::object info() {
        now = clock.now();
        return result("getwebhookinfo", {});
    }
    /// Spans between the calls, in seconds.
    std::vector<std::int64_t> gaps() const {
        std::vector<std::int64_t> spans;
        for (std::size_t i = 1; i < carrier.calls.size(); ++i)
            spans.push_back((carrier.calls[i].at - carrier.calls[i - 1].at).count() / 1'000);
        return spans;
    }

    boost::asio::io_context loop;
    test::VirtualClock clock{loop, now};
    ScriptedCarrier carrier{clock};
    WebhookSender sender{state, clock, random, carrier};
    bool ended = false;
};

TEST_F(WebhookSenderTest, WhatWaitsAndWhatComesIsBroughtWithTheSecret) {
    write("before");
    EXPECT_THAT(carrier.calls, IsEmpty());
    EXPECT_EQ(set({{"secret_token", "se-cr_et"}}).status, 200);
    write("after");
    EXPECT_THAT(carrier.texts(), ElementsAre("before", "after"));
    EXPECT_EQ(carrier.calls[0].url, "https://bot.example/hook");
    EXPECT_EQ(carrier.calls[0].secret, "se-cr_et");
    EXPECT_EQ(info().at("pending_update_count").as_int64(), 0);
}

TEST_F(WebhookSenderTest, OneChatIsBroughtInOrderAndOthersAtTheSameTime) {
    carrier.takes = Duration(1'000);
    set();
    write("a1");
    write("a2");
    write("b1", boris);
    EXPECT_THAT(carrier.texts(), ElementsAre("a1", "b1"));
    clock.advance(Duration(1'000));
    EXPECT_THAT(carrier.texts(), ElementsAre("a1", "b1", "a2"));
}

TEST_F(WebhookSenderTest, NoMoreAreUnderWayThanWereAskedFor) {
    carrier.takes = Duration(1'000);
    set({{"max_connections", "1"}});
    write("a1");
    write("b1", boris);
    EXPECT_EQ(carrier.under_way, 1);
    clock.advance(Duration(1'000));
    EXPECT_THAT(carrier.texts(), ElementsAre("a1", "b1"));
}

TEST_F(WebhookSenderTest, AFailureBlocksItsChatAndIsTriedAgainMoreAndMoreSlowly) {
    set();
    for (int i = 0; i < 6; ++i) carrier.answers.push_back({500, 0, ""});
    write("a1");
    write("a2");
    clock.advance(Duration(100'000));
    EXPECT_THAT(gaps(), ElementsAre(0, 2, 4, 8, 16, 32, 0));
    EXPECT_EQ(carrier.texts().back(), "a2");
}

TEST_F(WebhookSenderTest, RetryAfterIsHonoured) {
    set();
    carrier.answers.push_back({503, 17, ""});
    carrier.answers.push_back({503, 1'000'000, ""});
    write("a1");
    clock.advance(Duration(4'000'000));
    EXPECT_THAT(gaps(), ElementsAre(17, 3'600));
}

TEST_F(WebhookSenderTest, TheNewestFailureIsTold) {
    set();
    EXPECT_EQ(info().if_contains("last_error_date"), nullptr);
    carrier.answers.push_back({0, 100, "Connection refused"});
    write("a1");
    const auto told = info();
    EXPECT_EQ(told.at("last_error_message").as_string(), "Connection refused");
    EXPECT_EQ(told.at("last_error_date").as_int64(), 1'800'000'000);
    EXPECT_EQ(told.at("pending_update_count").as_int64(), 1);
    EXPECT_EQ(told.at("url").as_string(), "https://bot.example/hook");
}

TEST_F(WebhookSenderTest, AnUpdateThatFailsUntilItExpiresIsDropped) {
    set();
    for (int i = 0; i < 3'000; ++i) carrier.answers.push_back({500, 0, ""});
    write("a1");
    clock.advance(std::chrono::hours(25));
    EXPECT_EQ(info().at("pending_update_count").as_int64(), 0);
}

TEST_F(WebhookSenderTest, WithoutTheWebhookUpdatesWaitAgain) {
    set();
    call("deletewebhook", Values());
    write("a1");
    EXPECT_THAT(carrier.calls, IsEmpty());
    EXPECT_EQ(info().at("url").as_string(), "");
    EXPECT_EQ(info().at("pending_update_count").as_int64(), 1);
}

TEST_F(WebhookSenderTest, ARepeatedUpdateIsBroughtAgain) {
    set();
    write("a1");
    EXPECT_TRUE(state.updates.repeat(anna));
    clock.drain();
    EXPECT_THAT(carrier.texts(), ElementsAre("a1", "a1"));
}

TEST_F(WebhookSenderTest, ClosingCutsOffWhatIsUnderWay) {
    carrier.takes = Duration(50'000);
    set();
    write("a1");
    EXPECT_EQ(carrier.under_way, 1);
    sender.close();
    clock.drain();
    EXPECT_EQ(carrier.under_way, 0);
    EXPECT_TRUE(ended);
}

TEST_F(WebhookSenderTest, SettingItChecksItsParameters) {
    EXPECT_EQ(error(set({{"url", "ftp://x"}})),
              "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    EXPECT_EQ(error(set({{"secret_token", "no spaces"}})),
              "Bad Request: secret token contains unallowed characters");
    EXPECT_EQ(set().status, 200);
    EXPECT_EQ(set().status, 429);
    clock.advance(Duration(1'000));
    EXPECT_EQ(set({{"max_connections", "1000"}}).status, 200);
    EXPECT_EQ(info().at("max_connections").as_int64(), 100);
    clock.advance(Duration(1'000));
    write("a1");
    EXPECT_EQ(set({{"url", ""}}).status, 200);
    EXPECT_EQ(info().at("url").as_string(), "");
}

TEST_F(WebhookSenderTest, PollsAreRefusedWhileItIsSet) {
    Poller poller(state, clock);
    std::vector<std::string> answers;
    const auto poll = [&](const std::string& timeout) {
        Call asked{test_bot, clock.now(), Parameters({{"timeout", timeout}})};
        boost::asio::co_spawn(
            loop, poller.get_updates(std::move(asked)),
            [&](std::exception_ptr, Answer answer) { answers.push_back(error(answer)); });
        clock.drain();
    };
    poll("30");
    set();
    poll("0");
    ASSERT_THAT(answers, SizeIs(2));
    EXPECT_EQ(answers[0], "Conflict: terminated by setWebhook request");
    EXPECT_THAT(answers[1], testing::StartsWith("Conflict: can't use getUpdates method while"));
}

}  // namespace
}  // namespace mlbilling::sandbox
