#include "server_fixture.hpp"

// What strangers put around a request: RFC 9112 and RFC 9110, and the bounds that are ours.
namespace mlbilling::test {
namespace {

using testing::HasSubstr;

TEST_F(HttpServerTest, ATrailerOfAnySizeEndsOneRequestAndNothingElse) {
    start();
    for (const std::size_t size : {100U, 16'000U, 70'000U, 140'000U, 200'000U}) {
        SCOPED_TRACE(size);
        const auto reply =
            ask(chunked_head() + "2\r\n{}\r\n0\r\nX-A: " + std::string(size, 'a') + "\r\n\r\n");
        EXPECT_EQ(reply.status, size <= 16'000U ? 200 : 431);
        EXPECT_EQ(get("/").status, 200);
    }
}

TEST_F(HttpServerTest, HeadersAndTrailersAreBoundedTogether) {
    start();
    const auto head = chunked_head("X-Long: " + std::string(10'000, 'a') + "\r\n");
    const auto trailer = "X-Long: " + std::string(10'000, 'b') + "\r\n";
    EXPECT_EQ(ask(head + "0\r\n\r\n").status, 200);
    EXPECT_EQ(ask(chunked_head() + "0\r\n" + trailer + "\r\n").status, 200);
    EXPECT_EQ(ask(head + "0\r\n" + trailer + "\r\n").status, 431);
    std::string many;
    for (int i = 0; i < 5'000; ++i) many += "a:1\r\n";
    EXPECT_EQ(ask(chunked_head() + "0\r\n" + many + "\r\n").status, 431);
}

TEST_F(HttpServerTest, HeadersThatComeOneByOneAreBoundedToo) {
    start();
    auto client = client_that_sent("GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 40; ++i) {
        run(loop, client->send("a" + std::to_string(i) + ": " + std::string(1'000, 'a') + "\r\n"));
        loop.poll();
    }
    run(loop, client->send("\r\n"));
    EXPECT_EQ(run(loop, client->receive()).status, 431);
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, ATrailerIsNeverAHeader) {
    start();
    EXPECT_EQ(ask(chunked_head() + "2\r\n{}\r\n0\r\nX-Secret: guess\r\nHost: y\r\n\r\n").status,
              200);
    EXPECT_EQ(handler->seen.at(0).header("x-secret"), "");
    EXPECT_EQ(handler->seen.at(0).header("host"), "x");
}

TEST_F(HttpServerTest, EveryPieceOfAChunkedBodyMayComeAlone) {
    start();
    const auto text = chunked_head() + "3;name=value\r\nabc\r\n0000A\r\n0123456789\r\n0;last\r\n" +
                      "X-A: b\r\n\r\n";
    auto client = client_that_sent("");
    for (const char byte : text) {
        run(loop, client->send(std::string(1, byte)));
        loop.poll();
    }
    EXPECT_EQ(run(loop, client->receive()).status, 200);
    EXPECT_EQ(handler->seen.at(0).body, "abc0123456789");
}

TEST_F(HttpServerTest, RefusesChunksThatAreNotWellFormed) {
    start();
    for (const std::string odd :
         {"2\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "+2\r\n{}\r\n0\r\n\r\n", "\r\n{}\r\n",
          "0x2\r\n{}\r\n0\r\n\r\n", "2 2\r\n{}\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n",
          "0\r\nno colon\r\n\r\n", "0\r\n : b\r\n\r\n", "0\r\nA : b\r\n\r\n",
          "0\r\nA: \x01\r\n\r\n", "0\r\nA: b\n\r\n\r\n", "2;a=\x01\r\n{}\r\n0\r\n\r\n"})
        EXPECT_EQ(ask(chunked_head() + odd).status, 400) << testing::PrintToString(odd);
    EXPECT_EQ(ask(chunked_head() + "ffffffffffffffff\r\n").status, 413);
    EXPECT_EQ(ask(chunked_head() + "1;" + std::string(300'000, 'x')).status, 431);
    EXPECT_TRUE(handler->seen.empty());
}

TEST_F(HttpServerTest, RefusesARequestWithoutExactlyOneHost) {
    start();
    EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").status, 400);
    EXPECT_EQ(ask("GET / HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(HttpServerTest, RefusesEveryCodingOfABodyButChunked) {
    start();
    const auto with = [&](const std::string& coding) {
        return ask("POST / HTTP/1.1\r\nHost: x\r\n" + coding + "\r\n0\r\n\r\n").status;
    };
    EXPECT_EQ(with("Transfer-Encoding: CHUNKED\r\n"), 200);
    for (const std::string coding : {"identity", "gzip", "gzip, chunked", "chunked, identity", "x",
                                     "", "chunked, chunked", "chunked;q=1", "xchunked"})
        EXPECT_EQ(with("Transfer-Encoding: " + coding + "\r\n"), 501) << coding;
    EXPECT_THAT(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                testing::AnyOf(400, 501));
    EXPECT_THAT(with("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
                testing::AnyOf(400, 501));
    EXPECT_EQ(with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 5\r\nTransfer-Encoding: identity\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: identity\r\nContent-Length: 5\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400);
    EXPECT_EQ(
        ask("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status,
        400);
    EXPECT_EQ(handler->seen.size(), 1U);
}

TEST_F(HttpServerTest, WhatFollowsABodyIsTheNextRequest) {
    start();
    const auto next = request_text(server->port(), "GET", "/next");
    auto client = client_that_sent(chunked_head() + "2\r\n{}\r\n0\r\n\r\n" + next +
                                   request_text(server->port(), "POST", "/third", "body") + next);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(run(loop, client->receive()).status, 200);
    EXPECT_EQ(handler->seen.at(1).path, "/next");
    EXPECT_EQ(handler->seen.at(2).body, "body");
    EXPECT_EQ(handler->seen.at(3).path, "/next");
}

TEST_F(HttpServerTest, AHandlerIsAskedForHeadAsForGet) {
    start();
    auto client = client_that_sent("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" +
                                   request_text(server->port(), "GET", "/y"));
    const auto head = run(loop, client->receive_head());
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-length"), "6");
    EXPECT_EQ(run(loop, client->receive()).body, "hello\n");
    EXPECT_EQ(handler->seen.at(0).method, "GET");
}

}  // namespace
}  // namespace mlbilling::test
