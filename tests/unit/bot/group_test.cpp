#include <gmock/gmock.h>

#include "bot_world.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class Groups : public BotWorld {};

TEST_F(Groups, InAGroupOnlyWhatIsMeantForTheBotIsActedOn) {
    start();
    write("just talking", group);
    write("/weather", group);
    EXPECT_EQ(store.transactions, 0);

    write("/balance", group);
    EXPECT_EQ(store.deliveries.back().notice.kind, Notice::Kind::balance);
    write("/help", group);
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(group));
    EXPECT_EQ(telegram.last("sendMessage").reply_to, MessageId(4));
    write("/weather@speech_bot", group);
    EXPECT_EQ(store.deliveries.back().notice.kind, Notice::Kind::unknown_command);
    write("@speech_bot read this", group);
    EXPECT_EQ(store.requests.back().data, "read this");
    auto reply = message("", group);
    reply.media = media();
    reply.replies_to_bot = true;
    arrive(reply);
    EXPECT_EQ(store.requests.back().type, TaskType::voice);
    write("@speech_bot", group);
    EXPECT_EQ(store.deliveries.back().notice.kind, Notice::Kind::help);
    const auto transactions = store.transactions;
    auto sticker = message("", group);
    sticker.replies_to_bot = true;
    arrive(sticker);
    EXPECT_EQ(store.transactions, transactions);
}

TEST_F(Groups, InAGroupWhoeverAsksPaysForWhatTheyReplyTo) {
    start();
    auto asking = message("@speech_bot", group, 8);
    asking.reply_to = MessageId(50);
    asking.reply_to_media = media();
    arrive(asking);
    ASSERT_THAT(store.requests, SizeIs(1));
    EXPECT_EQ(store.requests[0].sender.telegram, TelegramId(8));
    EXPECT_EQ(store.requests[0].type, TaskType::voice);
    const TaskId task("-100_1");
    EXPECT_EQ(store.requests[0].id, task);
    complete_voice(task, "Their words.", 3);
    EXPECT_EQ(telegram.last("sendMessage").chat, ChatId(group));
    EXPECT_EQ(telegram.last("sendMessage").reply_to, MessageId(1));
    EXPECT_THAT(telegram.last("sendMessage").text, "Their words.\n\n−3");
}

TEST_F(Groups, AnothersCommandThatIsRepliedToIsNotObeyed) {
    start();
    write("Hello");
    auto asking = message("@speech_bot", group);
    asking.reply_to = MessageId(50);
    asking.reply_to_text = "/cancel";
    arrive(asking);
    EXPECT_EQ(store.deliveries.back().notice.kind, Notice::Kind::unknown_command);
    EXPECT_EQ(store.tasks.at(TaskId("7_1")).status, TaskStatus::created);
}

}  // namespace
}  // namespace mlbilling::test
