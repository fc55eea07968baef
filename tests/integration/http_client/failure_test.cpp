#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <optional>

#include "integration/http_client/fixture.hpp"

// What may go wrong on the way, and whether the request may be repeated after it.
namespace mlbilling::test {
namespace {

class HttpFailures : public HttpClientTest {
  protected:
    static constexpr auto not_sent = HttpFailure::Kind::not_sent;
    static constexpr auto ambiguous = HttpFailure::Kind::ambiguous;
    static constexpr auto too_large = HttpFailure::Kind::too_large;

    /// The failure of a call that must fail, whose text must not tell the URL.
    HttpFailure failure_of(HttpCall call) {
        const auto result = perform(std::move(call));
        if (result.ok()) {
            ADD_FAILURE() << "answered with " << result->status;
            return HttpFailure();
        }
        EXPECT_EQ(result.error().detail.find("secret"), std::string::npos) << result.error().detail;
        EXPECT_EQ(result.error().detail.find("127.0.0.1"), std::string::npos);
        EXPECT_NE(result.error().detail, "");
        return result.error();
    }
    HttpFailure::Kind kind_of(HttpCall call) { return failure_of(std::move(call)).kind; }
};

TEST_F(HttpFailures, ARefusedConnectionIsNotSent) {
    HttpCall call;
    call.url = "http://127.0.0.1:" + std::to_string(unused_port(loop)) + "/secret";
    const auto failure = failure_of(call);
    EXPECT_EQ(failure.kind, not_sent);
    EXPECT_NE(failure.detail.find("Connection refused"), std::string::npos) << failure.detail;
}

TEST_F(HttpFailures, AnAddressThatIsNoneIsNotSent) {
    for (const auto* url :
         {"", "http://[secret", "ftp://127.0.0.1/secret", "file:///etc/secret", "http://"}) {
        HttpCall call;
        call.url = url;
        EXPECT_EQ(kind_of(call), not_sent) << url;
    }
}

TEST_F(HttpFailures, AConnectionThatIsLostBeforeTheWholeAnswerIsAmbiguous) {
    for (const auto kind : {Kind::close, Kind::reset, Kind::cut}) {
        answer_always(reply_by(kind));
        EXPECT_EQ(kind_of(post("/secret", "body")), ambiguous);
    }
}

TEST_F(HttpFailures, NoAnswerWithinTheDeadlineIsAmbiguous) {
    answer_always(reply_by(Kind::stall));
    auto call = post("/secret", "body");
    call.deadline = Duration(50);
    EXPECT_EQ(kind_of(call), ambiguous);
}

TEST_F(HttpFailures, AnAnswerThatStopsMovingIsGivenUp) {
    answer_always(reply_by(Kind::stall));
    auto call = get("/secret");
    call.stall_deadline = Duration(1'000);
    EXPECT_EQ(kind_of(call), ambiguous);
}

TEST_F(HttpFailures, AnAnswerLargerThanAllowedIsCutOff) {
    auto call = get("/secret");
    call.largest_response = 100'000;
    answer_always(reply_with(200, std::string(100'000, 'x')));
    EXPECT_TRUE(perform(call).ok());
    answer_always(reply_with(200, std::string(100'001, 'x')));
    EXPECT_EQ(kind_of(call), too_large);
    answer_always(reply_by(Kind::endless));
    EXPECT_EQ(kind_of(call), too_large);
}

TEST_F(HttpFailures, PackedAnswersCountByWhatTheyUnpackTo) {
    // 100,000 zero bytes packed by gzip.
    const std::string head(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31"
        "\x01\x00\x00\x00\xc2\xa0\xf5\x4f\x6d\x0d\x0f\xa0",
        25);
    const std::string tail("\x80\x57\x03\x7d\x95\x11\xd4\xa0\x86\x01\x00", 11);
    const std::string packed = head + std::string(96, '\0') + tail;
    auto reply = reply_with(200, packed);
    reply.headers = {{"Content-Encoding", "gzip"}};
    answer_always(reply);
    auto call = get("/secret");
    call.largest_response = 100'000;
    const auto whole = perform(call);
    ASSERT_TRUE(whole.ok());
    EXPECT_EQ(whole->body, std::string(100'000, '\0'));
    call.largest_response = 99'999;
    EXPECT_EQ(kind_of(call), too_large);
}

TEST_F(HttpFailures, EndlessHeadersAreCutOff) {
    auto reply = reply_with(200, "");
    for (int i = 0; i < 100; ++i)
        reply.headers.emplace_back("X-" + std::to_string(i), std::string(1'000, 'x'));
    answer_always(reply);
    EXPECT_EQ(kind_of(get("/secret")), too_large);
}

TEST_F(HttpFailures, AnAnswerThatIsNotHttpIsAmbiguous) {
    ScriptedServer other(loop, script, /*socks=*/true);
    HttpCall call;
    call.url = other.url() + "/secret";
    call.deadline = Duration(1'000);
    EXPECT_EQ(kind_of(call), ambiguous);
}

/// The second request on a connection is read, and its connection closed without an answer.
class HttpStaleConnection : public HttpFailures {
  protected:
    HttpStaleConnection() {
        script = [this](const ScriptedRequest&) {
            return server.requests().size() == 2 ? reply_by(Kind::close) : reply_with(200, "ok");
        };
        EXPECT_TRUE(perform(get("/first")).ok());
    }
    std::size_t copies() const { return server.requests().size() - 1; }
};

TEST_F(HttpStaleConnection, ARequestThatMustNotBeRepeatedIsSentOnce) {
    EXPECT_EQ(kind_of(post("/secret", "body")), ambiguous);
    EXPECT_EQ(copies(), 1u);
}

TEST_F(HttpStaleConnection, ARepeatableRequestIsSentAgain) {
    auto call = post("/secret", "body");
    call.repeatable = true;
    EXPECT_TRUE(perform(call).ok());
    EXPECT_EQ(copies(), 2u);
}

class HttpEnding : public HttpFailures {
  protected:
    HttpEnding() { answer_always(reply_by(Kind::stall)); }

    /// Starts a call that never gets an answer and runs the loop until the server has it.
    void start(HttpCall call) {
        boost::asio::co_spawn(
            loop, keep(outcome, client->perform(std::move(call))),
            boost::asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr error) {
                ended = true;
                thrown = error;
            }));
        while (server.requests().empty()) loop.run_one();
    }
    void run_until_no_connection_is_open() {
        while (server.open_connections() > 0) loop.run_one();
    }

    boost::asio::cancellation_signal signal;
    std::optional<HttpResult> outcome;
    bool ended = false;
    std::exception_ptr thrown;
};

TEST_F(HttpEnding, ACancelledCallClosesItsConnectionAndLeavesNothingToWaitFor) {
    start(post("/secret", "body"));
    signal.emit(boost::asio::cancellation_type::terminal);
    run_until_no_connection_is_open();
    EXPECT_TRUE(ended);
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
    server.stop();
    EXPECT_TRUE(runs_dry(loop));
}

TEST_F(HttpEnding, TheClientMayGoBeforeItsCallsDo) {
    auto call = get("/secret");
    call.deadline = Duration(100);
    start(call);
    client.reset();
    run_until_no_connection_is_open();
    EXPECT_TRUE(ended);
    server.stop();
    EXPECT_TRUE(runs_dry(loop));
}

TEST_F(HttpEnding, FramesMayDieWithTheLoop) {
    auto dying_loop = std::make_unique<boost::asio::io_context>(1);
    auto its_client = std::make_unique<HttpClient>(dying_loop->get_executor(), HttpOptions());
    std::optional<HttpResult> result;
    boost::asio::co_spawn(*dying_loop, keep(result, its_client->perform(get("/secret"))),
                          boost::asio::detached);
    dying_loop->poll();
    its_client.reset();
    dying_loop.reset();
}

}  // namespace
}  // namespace mlbilling::test
