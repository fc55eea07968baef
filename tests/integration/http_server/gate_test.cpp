#include "server_fixture.hpp"

// What is decided from a request's head, before anything of its body is read.
namespace mlbilling::test {
namespace {

/// Lets in who knows the secret, with a body of at most 10 bytes.
HttpAdmission ask_for_secret(const HttpRequest& head) {
    if (head.path == "/broken") throw std::runtime_error("secret detail");
    if (head.header("x-secret") != "right")
        return HttpAdmission::refuse(plain_answer(401, "not you"));
    return {.refusal = std::nullopt, .max_body = 10};
}

std::string begun(const std::string& headers, const std::string& target = "/") {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST_F(HttpServerTest, RefusesByTheHeadBeforeTheBodyComes) {
    start({}, ask_for_secret);
    for (const std::string body : {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n",
                                   "Content-Length: 5\r\nExpect: 100-continue\r\n"}) {
        const auto client = client_that_sent(begun(body));
        const auto reply = run(loop, client->receive());
        EXPECT_EQ(reply.status, 401);
        EXPECT_EQ(reply.body, "not you\n");
        EXPECT_TRUE(run(loop, client->at_end()));
    }
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, ARefusedRequestWithoutABodyLeavesItsConnection) {
    start({}, ask_for_secret);
    const auto client =
        client_that_sent("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + begun("Content-Length: 0\r\n") +
                         "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(run(loop, client->receive()).status, 401);
    EXPECT_EQ(run(loop, client->receive()).status, 401);
    EXPECT_EQ(run(loop, client->receive_head()).status, 401);
    run(loop, client->send(begun("X-Secret: right\r\nContent-Length: 4\r\n") + "body"));
    EXPECT_EQ(run(loop, client->receive()).status, 200);
    EXPECT_EQ(handler->seen.at(0).body, "body");
}

TEST_F(HttpServerTest, TheGateBoundsTheBody) {
    start({}, ask_for_secret);
    const std::string secret = "X-Secret: right\r\n";
    EXPECT_EQ(ask(begun(secret + "Content-Length: 11\r\n")).status, 413);
    EXPECT_EQ(ask(begun(secret + "Content-Length: 10\r\n") + "0123456789").status, 200);
    EXPECT_EQ(ask(begun(secret + "Transfer-Encoding: chunked\r\n") + "6\r\n012345\r\n5\r\n").status,
              413);
}

TEST_F(HttpServerTest, ATrailerDoesNotOpenTheGate) {
    start({}, ask_for_secret);
    EXPECT_EQ(ask(begun("Transfer-Encoding: chunked\r\n") + "0\r\nX-Secret: right\r\n\r\n").status,
              401);
}

TEST_F(HttpServerTest, AnExceptionOfTheGateIsAnsweredWithoutItsDetail) {
    start({}, ask_for_secret);
    const auto reply = ask(begun("", "/broken"));
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.body, "Internal Server Error\n");
}

TEST_F(HttpServerTest, TheGateSeesTheTargetAsItWasSent) {
    std::vector<std::string> paths;
    start({}, [&](const HttpRequest& head) {
        paths.emplace_back(head.raw_path());
        return HttpAdmission();
    });
    EXPECT_EQ(get("/a%2fb?c=d").status, 200);
    EXPECT_EQ(paths, std::vector<std::string>{"/a%2fb"});
    EXPECT_EQ(handler->seen.at(0).path, "/a/b");
}

}  // namespace
}  // namespace mlbilling::test
