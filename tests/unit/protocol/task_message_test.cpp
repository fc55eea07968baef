#include <gtest/gtest.h>

#include "protocol/messages.hpp"

namespace mlbilling {
namespace {

using Kind = UnreadableMessage::Kind;

std::string body_with(std::string_view user, std::string_view type, std::string_view task,
                      std::string_view data) {
    return "{\"user_id\":" + std::string(user) + ",\"type\":" + std::string(type) +
           ",\"task_id\":" + std::string(task) + ",\"data\":" + std::string(data) + "}";
}

Kind refusal(std::string_view body) {
    const auto parsed = parse_task_message(body);
    EXPECT_FALSE(parsed.ok()) << body.substr(0, 200);
    if (parsed.ok()) return Kind::unusable;
    EXPECT_FALSE(parsed.error().reason.empty());
    return parsed.error().kind;
}

TEST(TaskMessage, TheDocumentedExampleIsRead) {
    const auto parsed = parse_task_message(
        R"({"user_id": 123456789, "type": "voice", "task_id": "123456789_123", "data": "AwADBAADbQADBQHYnyTTAAGjX4Ff"})");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, (TaskMessage{TelegramId(123456789), TaskType::voice, TaskId("123456789_123"),
                                    "AwADBAADbQADBQHYnyTTAAGjX4Ff"}));
}

TEST(TaskMessage, WhatIsWrittenIsReadBack) {
    const TaskMessage message{TelegramId(4'503'599'627'370'495), TaskType::text,
                              TaskId("-100123_7"), "Привет, \"мир\" \\ \n 👋"};
    const auto parsed = parse_task_message(encode(message));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, message);
}

TEST(TaskMessage, UnknownFieldsAreIgnored) {
    const auto parsed = parse_task_message(
        R"({"user_id":1,"extra":{"user_id":"x","a":[1,{"b":null}]},"type":"text","task_id":"1_2",)"
        R"("more":[1,"2",[3]],"data":"hi","last":1e400})");
    ASSERT_TRUE(parsed.ok()) << parsed.error().reason;
    EXPECT_EQ(parsed->data, "hi");
}

TEST(TaskMessage, WhatIsNotAnObjectIsTold) {
    for (const auto* body :
         {"", " ", "null", "true", "12", "1.5", "\"text\"", "[]", "[{}]", "{", "{}x", "{\"a\":1",
          "{\"a\" 1}", "not json", "{\"user_id\":1}{}", "{'a':1}"})
        EXPECT_EQ(refusal(body), Kind::not_an_object) << body;
    EXPECT_EQ(refusal(std::string("{\"data\":\"\xff\"}")), Kind::not_an_object);
    EXPECT_EQ(refusal(R"({"data":"\ud800"})"), Kind::not_an_object);
    EXPECT_EQ(refusal(std::string("\0{}", 3)), Kind::not_an_object);
}

TEST(TaskMessage, WrongTypesAreRefusedAsUnusable) {
    const auto good = [](std::string_view user, std::string_view type, std::string_view task,
                         std::string_view data) { return body_with(user, type, task, data); };
    for (const auto* user : {"\"1\"", "1.0", "1e3", "0", "-5", "null", "true",
                             "9223372036854775808", "18446744073709551616", "{}", "[1]"})
        EXPECT_EQ(refusal(good(user, "\"text\"", "\"1_2\"", "\"hi\"")), Kind::unusable) << user;
    for (const auto* type : {"\"speech\"", "\"\"", "1", "null", "[\"text\"]"})
        EXPECT_EQ(refusal(good("1", type, "\"1_2\"", "\"hi\"")), Kind::unusable) << type;
    for (const auto* task : {"\"\"", "7", "null", "\"../x\"", "\".hidden\"", "\"a/b\"", "\"a b\"",
                             "\"a:b\"", "\"задача\"", "\"a\\u0000b\""})
        EXPECT_EQ(refusal(good("1", "\"text\"", task, "\"hi\"")), Kind::unusable) << task;
    for (const auto* data : {"\"\"", "5", "null", "[\"hi\"]", "{}"})
        EXPECT_EQ(refusal(good("1", "\"text\"", "\"1_2\"", data)), Kind::unusable) << data;
    EXPECT_EQ(refusal("{}"), Kind::unusable);
}

TEST(TaskMessage, TheLargestUserIdIsReadExactly) {
    const auto parsed =
        parse_task_message(body_with("9223372036854775807", "\"text\"", "\"1_2\"", "\"hi\""));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->user.value(), 9'223'372'036'854'775'807);
}

TEST(TaskMessage, TaskIdsAreBounded) {
    const std::string longest = '"' + std::string(longest_task_id, 'x') + '"';
    const std::string longer = '"' + std::string(longest_task_id + 1, 'x') + '"';
    EXPECT_TRUE(parse_task_message(body_with("1", "\"text\"", longest, "\"hi\"")).ok());
    EXPECT_EQ(refusal(body_with("1", "\"text\"", longer, "\"hi\"")), Kind::unusable);
}

TEST(TaskMessage, DataIsBounded) {
    const std::string longest = '"' + std::string(longest_data, 'x') + '"';
    const std::string longer = '"' + std::string(longest_data + 1, 'x') + '"';
    EXPECT_TRUE(parse_task_message(body_with("1", "\"text\"", "\"1\"", longest)).ok());
    EXPECT_EQ(refusal(body_with("1", "\"text\"", "\"1\"", longer)), Kind::unusable);
}

TEST(TaskMessage, TheSameFieldTwiceIsRefused) {
    EXPECT_EQ(refusal(R"({"user_id":1,"user_id":2,"type":"text","task_id":"1","data":"hi"})"),
              Kind::not_an_object);
    EXPECT_EQ(refusal(R"({"user_id":1,"type":"text","task_id":"1","data":"a","d\u0061ta":"b"})"),
              Kind::not_an_object);
}

TEST(TaskMessage, HugeAndDeepBodiesAreRefused) {
    EXPECT_EQ(refusal(std::string(longest_body + 1, ' ') + "{}"), Kind::not_an_object);
    std::string deep = R"({"user_id":1,"type":"text","task_id":"1","data":"hi","x":)";
    EXPECT_EQ(refusal(deep + std::string(100'000, '[') + std::string(100'000, ']') + "}"),
              Kind::not_an_object);
    EXPECT_EQ(refusal(deep + std::string(9, '[') + std::string(9, ']') + "}"), Kind::not_an_object);
    EXPECT_TRUE(parse_task_message(deep + std::string(7, '[') + std::string(7, ']') + "}").ok());
    std::string wide = "{";
    for (int i = 0; i < 100; ++i) wide += "\"f" + std::to_string(i) + "\":0,";
    EXPECT_EQ(refusal(wide + "\"last\":0}"), Kind::not_an_object);
}

TEST(TaskMessage, TruncationAtAnyByteIsRefused) {
    const auto whole = encode(TaskMessage{TelegramId(5), TaskType::text, TaskId("5_6"), "Привет"});
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_EQ(refusal(std::string_view(whole).substr(0, length)), Kind::not_an_object)
            << length;
}

TEST(TaskMessage, OneChangedByteNeverBreaksTheReader) {
    const auto whole = encode(TaskMessage{TelegramId(5), TaskType::text, TaskId("5_6"), "Привет"});
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int byte = 0; byte < 256; ++byte) {
            auto changed = whole;
            changed[at] = static_cast<char>(byte);
            const auto parsed = parse_task_message(changed);
            if (parsed.ok()) {
                EXPECT_TRUE(is_task_id(parsed->task.value()));
            }
        }
}

TEST(ReplyQueue, AReplyNeverGoesToTheWorkersOwnQueues) {
    EXPECT_TRUE(is_reply_queue("replies.bot-1"));
    EXPECT_FALSE(is_reply_queue(""));
    EXPECT_FALSE(is_reply_queue("tasks"));
    EXPECT_FALSE(is_reply_queue("tasks.dead"));
    EXPECT_FALSE(is_reply_queue(std::string(256, 'q')));
}

}  // namespace
}  // namespace mlbilling
