#include <gmock/gmock.h>

#include <boost/asio/detached.hpp>

#include "integration/http_client/fixture.hpp"
#include "integration/http_client/multipart.hpp"

// What is sent and what comes back.
namespace mlbilling::test {
namespace {

using ::testing::ElementsAre;

class HttpExchange : public HttpClientTest {
  protected:
    Async<void> count_own_answer(std::string path, int& right) {
        const auto result = co_await client->perform(get(path));
        if (result.ok() && result->body == path) ++right;
    }
};

TEST_F(HttpExchange, TheAnswersStatusHeadersAndBodyComeBack) {
    auto reply = reply_with(404, "nothing here");
    reply.headers = {{"X-Trace", " a1 "}, {"RETRY-AFTER", "7"}};
    answer_always(reply);
    const auto result = perform(get("/x"));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 404);
    EXPECT_EQ(result->body, "nothing here");
    EXPECT_EQ(result->header("retry-after"), "7");
    EXPECT_EQ(result->header("x-trace"), "a1");
    EXPECT_EQ(result->header("x-other"), "");
}

TEST_F(HttpExchange, AnInterimAnswersHeadersAreNotTheAnswers) {
    auto reply = reply_with(200, "ok");
    reply.prelude = "HTTP/1.1 103 Early Hints\r\nRetry-After: 99\r\n\r\n";
    answer_always(reply);
    const auto result = perform(get("/x"));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->header("retry-after"), "");
}

TEST_F(HttpExchange, EveryMethodIsSentAsItself) {
    const std::pair<HttpMethod, std::string> methods[] = {{HttpMethod::get, "GET"},
                                                          {HttpMethod::head, "HEAD"},
                                                          {HttpMethod::post, "POST"},
                                                          {HttpMethod::put, "PUT"},
                                                          {HttpMethod::remove, "DELETE"}};
    for (const auto& [method, name] : methods) {
        auto call = get("/path?q=1");
        call.method = method;
        call.body = "twelve bytes";
        ASSERT_TRUE(perform(call).ok()) << name;
        const auto& seen = server.requests().back();
        EXPECT_EQ(seen.method, name);
        EXPECT_EQ(seen.target, "/path?q=1");
        const bool has_body = method == HttpMethod::post || method == HttpMethod::put;
        EXPECT_EQ(seen.body, has_body ? "twelve bytes" : "") << name;
    }
}

TEST_F(HttpExchange, HeadersAreSentAsGivenAndNoneIsInvented) {
    auto call = post("/x", std::string("a\0b", 3));
    call.headers = {{"Authorization", "Api-Key k"}, {"X-Empty", ""}};
    ASSERT_TRUE(perform(call).ok());
    const auto& seen = server.requests().back();
    EXPECT_EQ(seen.headers.at("authorization"), "Api-Key k");
    EXPECT_EQ(seen.headers.at("x-empty"), "");
    EXPECT_EQ(seen.body, std::string("a\0b", 3));
    EXPECT_FALSE(seen.headers.contains("content-type"));
}

TEST_F(HttpExchange, ALargeBodyArrivesWhole) {
    std::string body(3'000'000, 'a');
    body[2'999'999] = 'z';
    ASSERT_TRUE(perform(post("/x", body)).ok());
    EXPECT_EQ(server.requests().back().body, body);
    EXPECT_FALSE(server.requests().back().headers.contains("expect"));
}

TEST_F(HttpExchange, AMultipartBodyIsWellFormed) {
    const std::string tricky("\r\n--boundary--\r\n\0\xff", 18);
    auto call = get("/upload");
    call.method = HttpMethod::post;
    call.parts = {{"chat_id", "-100", "", ""},
                  {"caption", "−2 · 18 \"left\"\r\nsecond line", "", ""},
                  {"voice", tricky, "voi\"ce\r\nX-Forged: 1.ogg", "audio/ogg"}};
    ASSERT_TRUE(perform(call).ok());
    const auto& seen = server.requests().back();
    EXPECT_EQ(seen.method, "POST");
    const auto parts = parse_multipart(seen.headers.at("content-type"), seen.body);
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(parts[0].name, "chat_id");
    EXPECT_EQ(parts[0].bytes, "-100");
    EXPECT_EQ(parts[0].file_name, "");
    EXPECT_EQ(parts[1].bytes, call.parts[1].bytes);
    EXPECT_EQ(parts[2].bytes, tricky);
    EXPECT_EQ(parts[2].mime_type, "audio/ogg");
    EXPECT_EQ(parts[2].file_name, "voi%22ce%0D%0AX-Forged: 1.ogg");
}

TEST_F(HttpExchange, AHeaderWithALineBreakIsRefusedUnsent) {
    auto call = get("/x");
    call.headers = {{"X-A", "1\r\nX-Forged: 2"}};
    const auto result = perform(call);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, HttpFailure::Kind::not_sent);
    EXPECT_TRUE(server.requests().empty());
}

TEST_F(HttpExchange, AConnectionIsUsedAgainUnlessAFreshOneIsWanted) {
    auto call = get("/x");
    ASSERT_TRUE(perform(call).ok());
    ASSERT_TRUE(perform(call).ok());
    call.fresh_connection = true;
    ASSERT_TRUE(perform(call).ok());
    std::vector<int> connections;
    for (const auto& request : server.requests()) connections.push_back(request.connection);
    EXPECT_THAT(connections, ElementsAre(1, 1, 2));
}

TEST_F(HttpExchange, ARedirectIsAnAnswerAndNotFollowed) {
    auto reply = reply_with(302, "");
    reply.headers = {{"Location", server.url() + "/elsewhere"}};
    answer_always(reply);
    const auto result = perform(get("/x"));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 302);
    EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(HttpExchange, TwoHundredCallsAtOnceEachGetTheirOwnAnswer) {
    script = [](const ScriptedRequest& request) { return reply_with(200, request.target); };
    int right = 0;
    for (int i = 0; i < 200; ++i)
        boost::asio::co_spawn(loop, count_own_answer("/" + std::to_string(i), right),
                              boost::asio::detached);
    loop.restart();
    while (right < 200 && loop.run_one_for(std::chrono::seconds(5)) > 0) {
    }
    EXPECT_EQ(right, 200);
    server.stop();
    EXPECT_TRUE(runs_dry(loop));
}

}  // namespace
}  // namespace mlbilling::test
