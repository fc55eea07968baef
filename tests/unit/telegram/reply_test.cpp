#include "adapters/telegram/reply.hpp"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace mlbilling::telegram {
namespace {

HttpAnswer response(int status, std::string body) {
    HttpAnswer made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

Error error_of(const HttpAnswer& from) {
    const auto reply = read_reply(from);
    if (!reply.ok()) return reply.error();
    ADD_FAILURE() << "accepted: " << from.body;
    return Error();
}

TEST(TelegramReply, TheResultOfASuccessComesOut) {
    const auto reply =
        read_reply(response(200, R"({"ok":true,"result":{"id":5},"new_field":[1]})"));
    ASSERT_TRUE(reply.ok());
    EXPECT_EQ(boost::json::serialize(*reply), R"({"id":5})");
}

TEST(TelegramReply, BrokenAnswersWithASuccessfulStatusAreAmbiguous) {
    const std::string deep(100'000, '[');
    const std::string bodies[] = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        R"({"ok":true})",
        R"({"ok":"true","result":{}})",
        R"({"ok":1,"result":{}})",
        R"({"ok":true,"result":{}} trailing)",
        R"({"ok":true,"result":"\ud800"})",
        "{\"ok\":true,\"result\":\"\xff\"}",
        R"({"ok":true,"result":{"a":)",
        "<html>It works!</html>",
        std::string("\0\0\0", 3),
        deep,
        "{\"ok\":true,\"result\":" + deep,
        R"({"ok":true,"result":)" + std::string(100, '[') + std::string(100, ']') + "}"};
    for (const auto& body : bodies) {
        const auto error = error_of(response(200, body));
        EXPECT_EQ(error.failure, Failure::ambiguous) << body.substr(0, 60);
        EXPECT_NE(error.description, "");
    }
}

TEST(TelegramReply, UpdatesOfWhichOneIsNoJsonNameTheFirst) {
    const std::string deep(100, '[');
    const std::string bad[] = {
        R"({"ok":true,"result":[{"update_id":812,"message":{"text":"\ud800"}}]})",
        "{\"ok\": true, \"result\":[{\"update_id\" : 812,\"message\":{\"text\":\"\xff\"}}]}",
        R"({"ok":true,"result":[{"update_id":812,"message":)" + deep};
    for (const auto& body : bad) {
        const auto reply = read_poll_reply(response(200, body));
        ASSERT_FALSE(reply.ok());
        EXPECT_EQ(reply.error().failure, Failure::unreadable) << body;
        EXPECT_EQ(reply.error().update, UpdateId(812)) << body;
    }
    const auto forged = read_poll_reply(response(
        200,
        R"({"ok":true,"result":[{"message":{"text":"\"update_id\":5 \ud800"},"update_id":812}]})"));
    EXPECT_EQ(forged.error().update, UpdateId(812));
    const auto nameless =
        read_poll_reply(response(200, R"({"ok":true,"result":[{"update_id":"x","a":"\ud800"}]})"));
    EXPECT_EQ(nameless.error().failure, Failure::unreadable);
    EXPECT_EQ(nameless.error().update, std::nullopt);
    const auto paid = read_poll_reply(response(
        200,
        R"({"ok":true,"result":[{"update_id":1,"message":{"successful_payment":{},"text":"\ud800"}}]})"));
    EXPECT_NE(paid.error().description.find("payment"), std::string::npos);
}

TEST(TelegramReply, WhatIsNotTheBotApisIsNotUnreadableUpdates) {
    for (const auto* body : {"<html>It works!</html>", "", "{", R"({"ok":false,)"})
        EXPECT_EQ(read_poll_reply(response(200, body)).error().failure, Failure::ambiguous);
    EXPECT_EQ(read_poll_reply(response(502, R"({"ok":true,)")).error().failure, Failure::ambiguous);
    EXPECT_TRUE(read_poll_reply(response(200, R"({"ok":true,"result":[]})")).ok());
}

TEST(TelegramReply, TheErrorCodeDecidesBeforeTheHttpStatus) {
    const auto error = error_of(response(
        200,
        R"({"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"})"));
    EXPECT_EQ(error.failure, Failure::forbidden);
    EXPECT_EQ(error.description, "Forbidden: bot was blocked by the user");
}

TEST(TelegramReply, LyingErrorsAreStillOneError) {
    EXPECT_EQ(error_of(response(400, R"({"ok":false,"error_code":-1,"description":7})")).failure,
              Failure::bad_request);
    EXPECT_EQ(error_of(response(400, R"({"ok":false,"error_code":"409","parameters":[]})")).failure,
              Failure::bad_request);
    const auto error =
        error_of(response(400, R"({"ok":false,"description":")" + std::string(9'000, 'x') + "\"}"));
    EXPECT_EQ(error.description.size(), 300u);
}

TEST(TelegramReply, AMigratedGroupNamesItsNewId) {
    const auto error = error_of(response(
        400,
        R"({"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat",)"
        R"("parameters":{"migrate_to_chat_id":-1001234567890}})"));
    EXPECT_EQ(error.failure, Failure::migrated);
    EXPECT_EQ(error.migrate_to, ChatId(-1001234567890));
}

struct RetryCase {
    const char* body;
    const char* header;
    int seconds;
};

TEST(TelegramReply, RetryAfterIsFoundWhereverItStands) {
    const RetryCase cases[] = {
        {R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}})",
         "35", 35},
        {R"({"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}})",
         "", 7},
        {R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 8"})", "",
         8},
        {R"({"ok":false,"error_code":429,"description":"Too Many Requests"})", "9", 9},
        {R"({"ok":false,"error_code":429,"description":"retry after 3","parameters":{"retry_after":5}})",
         "4", 5},
        {R"({"ok":false,"error_code":429})", "", 1},
        {R"({"ok":false,"error_code":429,"parameters":{"retry_after":-5}})",
         "Wed, 21 Oct 2026 07:28:00 GMT", 1},
        {R"({"ok":false,"error_code":429,"parameters":{"retry_after":9223372036854775807}})", "",
         86'400},
        {"<html>slow down</html>", "12", 12},
    };
    for (const auto& [body, header, seconds] : cases) {
        auto from = response(429, body);
        if (*header != '\0') from.headers.emplace_back("retry-after", header);
        const auto error = error_of(from);
        EXPECT_EQ(error.failure, Failure::too_many_requests) << body;
        EXPECT_EQ(error.retry_after, std::chrono::seconds(seconds)) << body;
    }
}

}  // namespace
}  // namespace mlbilling::telegram
