#include "adapters/http_server/http_server.hpp"

#include "base/unavailable.hpp"
#include "server_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;
using Connection = HttpResponse::Connection;

TEST_F(HttpServerTest, HandsOverTheRequestDecoded) {
    start();
    const auto reply = ask(request_text(server->port(), "POST", "/a%20b/%D1%8F?x=1%2B1&y=a+b&x=2",
                                        "body", {{"X-Thing", "one"}, {"x-thing", "two"}}));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello\n");
    ASSERT_EQ(handler->seen.size(), 1U);
    const auto& seen = handler->seen[0];
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.path, "/a b/я");
    EXPECT_EQ(seen.query, (std::map<std::string, std::string>{{"x", "2"}, {"y", "a b"}}));
    EXPECT_EQ(seen.body, "body");
    EXPECT_THAT(seen.header("x-thing"), testing::AnyOf("one, two", "two, one"));
    EXPECT_THAT(seen.peer, testing::StartsWith("127.0.0.1:"));
}

TEST_F(HttpServerTest, ReadsAChunkedBody) {
    start();
    const auto reply =
        ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(handler->seen.at(0).body, "abcde");
}

TEST_F(HttpServerTest, ServesPipelinedRequestsInOrder) {
    start();
    const auto port = server->port();
    HttpClient client(loop, port);
    run(loop, client.connect());
    run(loop, client.send(request_text(port, "GET", "/1") + request_text(port, "GET", "/2")));
    EXPECT_TRUE(run(loop, client.receive()).complete);
    EXPECT_TRUE(run(loop, client.receive()).complete);
    ASSERT_EQ(handler->seen.size(), 2U);
    EXPECT_EQ(handler->seen[1].path, "/2");
}

TEST_F(HttpServerTest, ClosesWhenTheClientAsksForIt) {
    start();
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop, client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(run(loop, client.receive()).status, 200);
    EXPECT_TRUE(run(loop, client.at_end()));
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
    start();
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop, client.send("HEAD / HTTP/1.0\r\n\r\n"));
    const auto reply = run(loop, client.receive());
    EXPECT_EQ(reply.headers.at("content-length"), "6");
    EXPECT_EQ(reply.body, "");
}

TEST_F(HttpServerTest, RefusesABodyAboveTheLimitEvenWhileItIsBeingSent) {
    HttpLimits limits;
    limits.max_body = 100;
    start(limits);
    const std::string large(5'000'000, 'x');
    EXPECT_EQ(ask(request_text(server->port(), "POST", "/", large)).status, 413);
    EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
                  std::string(255, 'x') + "\r\n0\r\n\r\n")
                  .status,
              413);
    EXPECT_EQ(ask(request_text(server->port(), "POST", "/", std::string(100, 'x'))).status, 200);
    EXPECT_EQ(handler->seen.size(), 1U);
}

TEST_F(HttpServerTest, RefusesHeadersAboveTheLimit) {
    start();
    EXPECT_EQ(get("/" + std::string(20'000, 'a')).status, 431);
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, RefusesWhatIsNotHttp) {
    start();
    EXPECT_EQ(ask("nonsense\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n").status, 400);
    EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n").status, 400);
    EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").status,
              400);
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, TellsAClientThatAsksFirstToGoOn) {
    start();
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop,
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
    EXPECT_EQ(run(loop, client.receive()).status, 100);
    run(loop, client.send("late"));
    EXPECT_EQ(run(loop, client.receive()).status, 200);
    EXPECT_EQ(handler->seen.at(0).body, "late");
}

TEST_F(HttpServerTest, CutsOffAClientThatSendsTooSlowly) {
    HttpLimits limits;
    limits.read_timeout = Duration(30);
    start(limits);
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop, client.send("GET / HTTP/1.1\r\nHos"));
    EXPECT_TRUE(run(loop, client.at_end()));
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, EndsAConnectionThatIsIdle) {
    HttpLimits limits;
    limits.idle_timeout = Duration(30);
    start(limits);
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    EXPECT_TRUE(run(loop, client.at_end()));
}

TEST_F(HttpServerTest, AnswersAnExceptionWithoutItsDetail) {
    start();
    handler->throws = true;
    const auto reply = get("/");
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(reply.body, testing::Not(HasSubstr("secret")));
    handler->throws = false;
    EXPECT_EQ(get("/").status, 200);
}

TEST_F(HttpServerTest, CancelsTheHandlerOfAClientThatGoesAway) {
    start();
    handler->waits = true;
    HttpClient client(loop, server->port());
    run(loop, client.connect());
    run(loop, client.send(request_text(server->port(), "GET", "/")));
    until([&] { return !handler->seen.empty(); });
    EXPECT_FALSE(handler->cancelled);
    client.close();
    until([&] { return handler->cancelled; });
}

TEST_F(HttpServerTest, DropsTheConnectionBeforeOrInTheMiddleOfAnAnswer) {
    start();
    handler->response.body = "0123456789";
    handler->response.connection = Connection::drop_before_answer;
    EXPECT_EQ(get("/").status, 0);
    handler->response.connection = Connection::drop_in_the_middle;
    const auto half = get("/");
    EXPECT_EQ(half.status, 200);
    EXPECT_EQ(half.body, "01234");
    EXPECT_FALSE(half.complete);
}

TEST_F(HttpServerTest, LetsNoLineBreakIntoAHeader) {
    start();
    handler->response.content_type = "a/b\r\nX-Evil: 1";
    handler->response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: b");
    const auto reply = get("/");
    EXPECT_FALSE(reply.headers.contains("x-evil"));
    EXPECT_FALSE(reply.headers.contains("set-cookie"));
}

TEST_F(HttpServerTest, StopLetsARunningHandlerEndAndTakesNoNewConnection) {
    start();
    handler->waits = true;
    const auto port = server->port();
    Pending<Reply> pending(loop, exchange(&loop, port, request_text(port, "GET", "/")));
    until([&] { return !handler->seen.empty(); });
    run(loop, server->stop(Duration(20)));
    EXPECT_TRUE(handler->cancelled);
    until([&] { return pending.done(); });
    EXPECT_EQ(pending.value().status, 0);
    EXPECT_THROW(run(loop, exchange(&loop, port, "GET / HTTP/1.1\r\n\r\n")),
                 boost::system::system_error);
}

TEST_F(HttpServerTest, NamesTheAddressThatItCannotListenOn) {
    start();
    const auto listen = [&](const std::string& host, std::uint16_t port) -> std::string {
        try {
            const HttpServer other(loop.get_executor(), host, port, {});
        } catch (const Unavailable& e) {
            return e.what();
        }
        return "listening";
    };
    const auto port = server->port();
    EXPECT_EQ(listen("127.0.0.1", port),
              "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
    EXPECT_THAT(listen("no.such.host", 80),
                HasSubstr("cannot listen on no.such.host:80: the host must be"));
}

}  // namespace
}  // namespace mlbilling::test
