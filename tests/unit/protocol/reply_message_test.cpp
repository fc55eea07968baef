#include <gmock/gmock.h>

#include "protocol/messages.hpp"
#include "texts/failure_text.hpp"

namespace mlbilling {
namespace {

using testing::HasSubstr;
using testing::Not;

TaskRecord ended(TaskStatus status) {
    TaskRecord task;
    task.id = TaskId("1_2");
    task.type = TaskType::voice;
    task.status = status;
    task.cost = Credits(10);
    task.result.text = "Распознанный текст";
    return task;
}

TEST(ReplyMessage, ACompletedRecognitionCarriesItsText) {
    const auto reply = reply_to_task(ended(TaskStatus::completed));
    EXPECT_TRUE(reply.success);
    EXPECT_EQ(reply.message, "Распознанный текст");
    EXPECT_EQ(reply.cost, Credits(10));
    EXPECT_THAT(encode(reply), Not(HasSubstr("result_file")));
    EXPECT_THAT(encode(reply), HasSubstr("\"status\":\"success\""));
}

TEST(ReplyMessage, SeveralFilesAreNamedInOrder) {
    auto task = ended(TaskStatus::completed);
    task.result.parts = {{ResultKey("1_2/1/0.ogg"), Duration(5)},
                         {ResultKey("1_2/1/1.ogg"), Duration(5)}};
    const auto reply = reply_to_task(task);
    EXPECT_THAT(encode(reply), HasSubstr(R"("result_file":"1_2/1/0.ogg")"));
    const auto parsed = parse_reply_message(encode(reply));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, reply);
}

TEST(ReplyMessage, AFailureSaysWhyAndCostsWhatWasCharged) {
    auto task = ended(TaskStatus::error);
    task.failure = FailureReason::silence;
    task.cost = std::nullopt;
    const auto reply = reply_to_task(task);
    EXPECT_FALSE(reply.success);
    EXPECT_EQ(reply.message, failure_text(Language::english, FailureReason::silence));
    EXPECT_EQ(reply.cost, Credits(0));
}

TEST(ReplyMessage, ACancelledOrExpiredTaskIsAnErrorWithItsOwnText) {
    EXPECT_EQ(reply_to_task(ended(TaskStatus::cancelled)).message,
              failure_text(Language::english, FailureReason::cancelled));
    EXPECT_EQ(reply_to_task(ended(TaskStatus::expired)).message,
              failure_text(Language::english, FailureReason::expired));
}

TEST(ReplyMessage, ItTravelsUnderTheTaskAsMessageIdAndTheAskedCorrelation) {
    const auto message = reply_message(reply_to_task(ended(TaskStatus::completed)), "their-own");
    EXPECT_EQ(message.message_id, "1_2");
    EXPECT_EQ(message.correlation_id, "their-own");
}

TEST(ReplyMessage, LyingRepliesAreRefused) {
    for (const auto* body :
         {R"({"status":"maybe","task_id":"1","cost":0})", R"({"status":"success","task_id":"1"})",
          R"({"status":"success","task_id":"1","cost":-1})",
          R"({"status":"success","task_id":"1","cost":99999999999})",
          R"({"status":"success","task_id":"1","cost":1.5})", R"({"status":"success","cost":1})",
          R"({"status":"success","task_id":"../1","cost":1})"})
        EXPECT_FALSE(parse_reply_message(body).ok()) << body;
    const auto huge_key = R"({"status":"success","task_id":"1","cost":1,"result_file":")" +
                          std::string(300, 'k') + "\"}";
    EXPECT_FALSE(parse_reply_message(huge_key).ok());
}

TEST(TaskMessage, IsPublishedUnderTheTaskIdWithItsReplyQueue) {
    auto task = ended(TaskStatus::created);
    task.telegram = TelegramId(7);
    task.payload.data = "AwAD";
    task.reply_to = "replies.a";
    const auto message = task_message(task);
    EXPECT_EQ(message.message_id, "1_2");
    EXPECT_EQ(message.correlation_id, "1_2");
    EXPECT_EQ(message.reply_to, "replies.a");
    EXPECT_EQ(parse_task_message(message.body)->data, "AwAD");
    EXPECT_EQ(task_meant(message), TaskId("1_2"));
}

TEST(TaskMessage, SaysWhatItsProducerSaidAndWhichTaskIsMeant) {
    auto task = ended(TaskStatus::completed);
    task.id = TaskId("job.2");
    task.telegram = TelegramId(7);
    task.payload.data = "AwAD";
    task.payload.asked_as = "job";
    const auto message = task_message(task);
    EXPECT_EQ(parse_task_message(message.body)->task, TaskId("job"));
    EXPECT_EQ(message.correlation_id, "job");
    EXPECT_EQ(task_meant(message), TaskId("job.2"));
    EXPECT_EQ(reply_message(task).correlation_id, "job");
    task.payload.correlation = "a-uuid";
    const auto reply = reply_message(task);
    EXPECT_EQ(reply.correlation_id, "a-uuid");
    EXPECT_EQ(parse_reply_message(reply.body)->task, TaskId("job"));
}

TEST(TaskMessage, AnotherProducersMessageMeansNoTaskOfOurs) {
    Message message;
    EXPECT_FALSE(task_meant(message));
    for (const auto* wrong : {"", "a b", "../x", "\xff"}) {
        message.headers["x-task"] = wrong;
        EXPECT_FALSE(task_meant(message)) << wrong;
    }
    message.headers["x-task"] = std::string(longest_task_id + 13, 'x');
    EXPECT_FALSE(task_meant(message));
}

TEST(ReplyQueue, IsTextThatADatabaseTakes) {
    EXPECT_TRUE(is_reply_queue("replies.ответы"));
    for (const auto* wrong : {"", "tasks", "tasks.dead", "a\xff", "a\x01"})
        EXPECT_FALSE(is_reply_queue(wrong)) << wrong;
    EXPECT_FALSE(is_reply_queue(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace mlbilling
