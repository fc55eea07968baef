#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <tuple>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "contract/telegram/fixture.hpp"

// Refusals, hold-offs, broken connections, and what is told of them.
namespace mlbilling::telegram {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class TelegramTrouble : public TelegramApiTest {
  protected:
    Failure failure_of_send() { return error_of(api->send_message(text_to(42))).failure; }
};

TEST_F(TelegramTrouble, ARefusalIsReadAndCounted) {
    answer_always(
        403,
        R"({"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"})");
    const auto error = error_of(api->send_message(text_to(42)));
    EXPECT_EQ(error.failure, Failure::forbidden);
    EXPECT_EQ(error.description, "Forbidden: bot was blocked by the user");
    EXPECT_THAT(metrics.calls, ElementsAre("sendMessage forbidden"));
}

TEST_F(TelegramTrouble, PagesOfProxiesAreNotTakenForTelegram) {
    answer_always(502, "<html><body>Bad Gateway</body></html>");
    EXPECT_EQ(failure_of_send(), Failure::ambiguous);
    answer_always(403, "<html>Forbidden: chat not found</html>");
    EXPECT_EQ(failure_of_send(), Failure::not_sent);
    answer_always(413, "<html>Request Entity Too Large</html>");
    EXPECT_EQ(failure_of_send(), Failure::too_large);
    answer_always(200, "<html>Log in to the hotel's network</html>");
    EXPECT_EQ(failure_of_send(), Failure::ambiguous);
}

TEST_F(TelegramTrouble, NobodyListeningMeansNotSent) {
    auto dead = options();
    dead.api_base = "http://127.0.0.1:" + std::to_string(test::unused_port(loop));
    use(dead);
    EXPECT_EQ(failure_of_send(), Failure::not_sent);
}

TEST_F(TelegramTrouble, ALostAnswerIsAmbiguousAndTheMessageNotSentTwice) {
    ASSERT_TRUE(run(api->send_message(text_to(42))).ok());
    answer_always(test::reply_by(Reply::Kind::close));
    EXPECT_EQ(failure_of_send(), Failure::ambiguous);
    EXPECT_EQ(requests(), 2u);
    answer_always(test::reply_by(Reply::Kind::reset));
    EXPECT_EQ(failure_of_send(), Failure::ambiguous);
}

TEST_F(TelegramTrouble, EveryCallHasADeadline) {
    answer_always(test::reply_by(Reply::Kind::stall));
    auto impatient = options();
    impatient.call_deadline = Duration(30);
    use(impatient);
    EXPECT_EQ(failure_of_send(), Failure::ambiguous);
    EXPECT_EQ(error_of(api->send_voice(file_to(42))).failure, Failure::ambiguous);
    EXPECT_EQ(error_of(api->download("V", 100)).failure, Failure::ambiguous);
}

/// A blob whose store goes away after the first piece.
class BrokenBytes final : public ByteSource {
  public:
    std::size_t size() const override { return 2 * largest_piece; }
    Async<std::string> read() override {
        if (begun_) throw Unavailable("the store is gone");
        begun_ = true;
        co_return std::string(largest_piece, 'x');
    }

  private:
    bool begun_ = false;
};

TEST_F(TelegramTrouble, AFileWhoseContentBreaksOffIsNotSent) {
    auto file = file_to(42);
    file.content = std::make_unique<BrokenBytes>();
    EXPECT_THROW(std::ignore = run(api->send_voice(std::move(file))), Unavailable);
    EXPECT_EQ(requests(), 0U);
    EXPECT_TRUE(run(api->send_voice(file_to(42))).ok());
}

TEST_F(TelegramTrouble, ATransferHasTimeForItsBytes) {
    auto impatient = options();
    impatient.call_deadline = Duration(30);
    use(impatient);
    auto file = file_to(42);
    file.content = std::make_unique<HeldBytes>(std::string(200'000, 'x'));
    auto late = test::reply_with(200, R"({"ok":true,"result":{"message_id":9}})");
    late.delay = Duration(100);
    answer_always(late);
    EXPECT_TRUE(run(api->send_voice(std::move(file))).ok());

    script = [](const Request& request) {
        auto reply = test::reply_with(200, "OggS");
        if (request.method == "GET") reply.delay = Duration(100);
        if (request.method == "POST")
            reply.body = R"({"ok":true,"result":{"file_path":"voice/a"}})";
        return reply;
    };
    EXPECT_TRUE(run(api->download("V", 200'000)).ok());
    EXPECT_FALSE(run(api->download("V", 1'000)).ok());
}

TEST_F(TelegramTrouble, APollHasADeadlineOfItsOwn) {
    auto tuned = options();
    tuned.call_deadline = Duration(30'000);
    tuned.poll_margin = Duration(30);
    use(tuned);
    answer_always(test::reply_by(Reply::Kind::stall));
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(error_of(api->get_updates(0, Duration(20))).failure, Failure::ambiguous);
    EXPECT_LT(std::chrono::steady_clock::now() - before, Duration(20'000));

    tuned.call_deadline = Duration(20);
    use(tuned);
    auto late = test::reply_with(200, R"({"ok":true,"result":[]})");
    late.delay = Duration(100);
    answer_always(late);
    EXPECT_TRUE(run(api->get_updates(0, Duration(10'000))).ok());
}

TEST_F(TelegramTrouble, APollAfterAFailedOneOpensAConnection) {
    answer_result("[]");
    ASSERT_TRUE(run(api->get_updates(0, Duration(0))).ok());
    ASSERT_TRUE(run(api->get_updates(0, Duration(0))).ok());
    EXPECT_EQ(last_request().connection, 1) << "the first connection is kept";
    answer_always(502, "bad gateway");
    EXPECT_FALSE(run(api->get_updates(0, Duration(0))).ok());
    EXPECT_EQ(last_request().connection, 1);
    answer_result("[]");
    ASSERT_TRUE(run(api->get_updates(0, Duration(0))).ok());
    EXPECT_EQ(last_request().connection, 2);
}

TEST_F(TelegramTrouble, PollsAndSendsDoNotShareConnections) {
    answer_result("[]");
    ASSERT_TRUE(run(api->get_updates(0, Duration(0))).ok());
    EXPECT_FALSE(run(api->send_message(text_to(42))).ok());
    EXPECT_EQ(last_request().connection, 2);
}

TEST_F(TelegramTrouble, ACancelledPollLeavesNothingToWaitFor) {
    answer_always(test::reply_by(Reply::Kind::stall));
    boost::asio::cancellation_signal signal;
    std::optional<Outcome<std::vector<Update>>> outcome;
    std::exception_ptr thrown;
    boost::asio::co_spawn(loop, test::keep(outcome, api->get_updates(0, Duration(50'000))),
                          boost::asio::bind_cancellation_slot(
                              signal.slot(), [&](std::exception_ptr error) { thrown = error; }));
    while (requests() == 0) loop.run_one();
    signal.emit(boost::asio::cancellation_type::terminal);
    while (server.open_connections() > 0) loop.run_one();
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
    server.stop();
    EXPECT_TRUE(test::runs_dry(loop));
}

TEST_F(TelegramTrouble, OneProxyServesCallsAndFiles) {
    script = [](const Request& request) {
        const bool asks = request.target.ends_with("/getFile");
        return test::reply_with(200,
                                asks ? R"({"ok":true,"result":{"file_path":"voice/a"}})" : "OggS");
    };
    auto proxied = options();
    proxied.api_base = "http://telegram.invalid";
    proxied.proxy = server.url();
    use(proxied);
    ASSERT_TRUE(run(api->download("V", 100)).ok());
    EXPECT_EQ(server.requests()[0].target, "http://telegram.invalid/bot" + token + "/getFile");
    EXPECT_EQ(server.requests()[1].target, "http://telegram.invalid/file/bot" + token + "/voice/a");
}

TEST_F(TelegramTrouble, TheTokenIsInNoErrorAndNoLogLine) {
    log::configure(log::Level::debug, log::Format::text);
    const Reply replies[] = {
        test::reply_with(400, R"({"ok":false,"error_code":400,"description":"Bad Request: /bot)" +
                                  token + "/x\"}"),
        test::reply_with(500, token), test::reply_by(Reply::Kind::close),
        test::reply_by(Reply::Kind::cut),
        test::reply_with(200,
                         R"({"ok":true,"result":[{"update_id":1,"message":")" + token + "\"}]}")};
    ::testing::internal::CaptureStderr();
    std::string errors;
    for (const auto& reply : replies) {
        answer_always(reply);
        const auto sent = run(api->send_message(text_to(42)));
        if (!sent.ok()) errors += sent.error().description + "\n";
        const auto updates = run(api->get_updates(0, Duration(0)));
        if (!updates.ok()) errors += updates.error().description + "\n";
        const auto file = run(api->download("V", 100));
        if (!file.ok()) errors += file.error().description + "\n";
    }
    log::info("a careless line about https://api.telegram.org/bot" + token + "/getMe");
    const auto lines = ::testing::internal::GetCapturedStderr();
    log::configure(log::Level::info, log::Format::text);
    EXPECT_THAT(errors, HasSubstr("Bad Request"));
    EXPECT_THAT(lines, HasSubstr("a careless line"));
    for (const auto& text : {errors, lines}) {
        EXPECT_THAT(text, Not(HasSubstr(token)));
        EXPECT_THAT(text, Not(HasSubstr("very_secret_token")));
    }
}

class TelegramHoldOffs : public TelegramTrouble {
  protected:
    template <class T>
    void start(std::optional<T>& outcome, Async<T> work) {
        boost::asio::co_spawn(loop, test::keep(outcome, std::move(work)),
                              [](std::exception_ptr error) { EXPECT_FALSE(error); });
        clock.drain();
    }
};

TEST_F(TelegramHoldOffs, AChatThatSaidWaitIsLeftAloneAndOthersAreNot) {
    refuse_with_retry_after(35);
    EXPECT_EQ(error_of(api->send_message(text_to(42))).retry_after, Duration(35'000));
    answer_result(R"({"message_id":9})");
    clock.advance(Duration(5'000));
    const auto error = error_of(api->send_voice(file_to(42)));
    EXPECT_EQ(error.failure, Failure::too_many_requests);
    EXPECT_EQ(error.retry_after, Duration(30'000));
    EXPECT_FALSE(run(api->edit_message_text(ChatId(42), MessageId(1), "x", {})).ok());
    EXPECT_EQ(requests(), 1u) << "Telegram was asked again";
    EXPECT_TRUE(run(api->send_message(text_to(43))).ok());
    clock.advance(Duration(30'000));
    EXPECT_TRUE(run(api->send_message(text_to(42))).ok());
    EXPECT_THAT(metrics.calls,
                ElementsAre("sendMessage too_many_requests", "sendVoice held_back",
                            "editMessageText held_back", "sendMessage ok", "sendMessage ok"));
}

TEST_F(TelegramHoldOffs, AShortWaitIsWaitedOut) {
    refuse_with_retry_after(2);
    EXPECT_EQ(failure_of_send(), Failure::too_many_requests);
    answer_result(R"({"message_id":9})");
    std::optional<Outcome<SentMessage>> outcome;
    start(outcome, api->send_message(text_to(42)));
    clock.advance(Duration(1'999));
    EXPECT_EQ(requests(), 1u);
    clock.advance(Duration(1));
    while (!outcome) loop.run_one();
    EXPECT_TRUE(outcome->ok());
    EXPECT_EQ(requests(), 2u);
}

TEST_F(TelegramHoldOffs, AChatActionDoesNotWait) {
    refuse_with_retry_after(2);
    EXPECT_EQ(failure_of_send(), Failure::too_many_requests);
    EXPECT_EQ(
        error_of(api->send_chat_action(ChatId(42), ChatAction::typing, std::nullopt)).retry_after,
        Duration(2'000));
    EXPECT_EQ(requests(), 1u);
}

TEST_F(TelegramHoldOffs, APollThatIsToldToWaitHoldsPollsOnly) {
    refuse_with_retry_after(10);
    EXPECT_EQ(error_of(api->get_updates(0, Duration(0))).failure, Failure::too_many_requests);
    EXPECT_EQ(error_of(api->get_updates(0, Duration(0))).retry_after, Duration(10'000));
    EXPECT_EQ(requests(), 1u);
    answer_result(R"({"message_id":9})");
    EXPECT_TRUE(run(api->send_message(text_to(42))).ok());
    answer_result("[]");
    clock.advance(Duration(10'000));
    EXPECT_TRUE(run(api->get_updates(0, Duration(0))).ok());
}

}  // namespace
}  // namespace mlbilling::telegram
