#include "adapters/telegram/bot_call.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "support/run.hpp"

namespace mlbilling::telegram {
namespace {

namespace json = boost::json;

const ChatId chat(-1001234567890);
const Keyboard keyboard{{{"Отмена", "cancel:1"}, {"B", "b"}}, {{"C", "c"}}};

void expect_json(const BotCall& call, std::string_view expected) {
    EXPECT_EQ(json::parse(call.json), json::parse(expected)) << call.json;
    EXPECT_TRUE(call.parts.empty());
}

std::string part_of(const BotCall& call, std::string_view name) {
    for (const auto& part : call.parts)
        if (part.name == name) return part.bytes;
    return "(none)";
}

TEST(TelegramCalls, APollAsksForMessagesAndButtonsOnly) {
    const auto call = get_updates_call(42, Duration(25'900));
    EXPECT_EQ(call.method, "getUpdates");
    EXPECT_EQ(call.server_waits, Duration(25'900));
    expect_json(
        call,
        R"({"offset":42,"limit":100,"timeout":25,"allowed_updates":["message","callback_query"]})");
}

TEST(TelegramCalls, APollNeverAsksForMoreThanTheServersCap) {
    EXPECT_EQ(get_updates_call(0, Duration(3'600'000)).server_waits, Duration(50'000));
    EXPECT_EQ(get_updates_call(0, Duration(-1)).server_waits, Duration(0));
}

TEST(TelegramCalls, AMessageIsSentWithReplyAndKeyboard) {
    OutgoingText message;
    message.chat = chat;
    message.text = "a \"quoted\"\ntext 😀";
    message.reply_to = MessageId(7);
    message.keyboard = keyboard;
    message.silent = true;
    const auto call = send_message_call(message);
    EXPECT_EQ(call.method, "sendMessage");
    EXPECT_EQ(call.chat, chat);
    EXPECT_FALSE(call.repeatable);
    expect_json(call, R"({"chat_id":-1001234567890,"text":"a \"quoted\"\ntext 😀",
        "link_preview_options":{"is_disabled":true},"disable_notification":true,
        "reply_parameters":{"message_id":7,"allow_sending_without_reply":true},
        "reply_markup":{"inline_keyboard":[[{"text":"Отмена","callback_data":"cancel:1"},
            {"text":"B","callback_data":"b"}],[{"text":"C","callback_data":"c"}]]}})");
}

TEST(TelegramCalls, APlainMessageHasNothingMore) {
    OutgoingText message;
    message.chat = ChatId(5);
    message.text = "hi";
    expect_json(send_message_call(message),
                R"({"chat_id":5,"text":"hi","link_preview_options":{"is_disabled":true}})");
}

TEST(TelegramCalls, ATopicIsNamedInEveryKindOfMessage) {
    OutgoingText message;
    message.chat = ChatId(-5);
    message.text = "hi";
    message.topic = MessageId(77);
    expect_json(
        send_message_call(message),
        R"({"chat_id":-5,"text":"hi","link_preview_options":{"is_disabled":true},"message_thread_id":77})");
    OutgoingFile file;
    file.chat = ChatId(-5);
    file.content = std::make_unique<HeldBytes>("OggS");
    file.topic = MessageId(77);
    EXPECT_EQ(part_of(send_voice_call(std::move(file)), "message_thread_id"), "77");
    expect_json(send_chat_action_call(ChatId(-5), ChatAction::typing, MessageId(77)),
                R"({"chat_id":-5,"action":"typing","message_thread_id":77})");
}

TEST(TelegramCalls, TheFirstUpdateIsAskedForAloneAndAtOnce) {
    expect_json(
        get_first_update_call(7),
        R"({"offset":7,"limit":1,"timeout":0,"allowed_updates":["message","callback_query"]})");
}

TEST(TelegramCalls, AnUploadedVoiceHasTheRightNameTypeAndDuration) {
    OutgoingFile file;
    file.chat = chat;
    const std::string bytes("Ogg\0S", 5);
    file.content = std::make_unique<HeldBytes>(bytes);
    file.caption = "−2 · 18 left";
    file.duration = Duration(2'001);
    file.reply_to = MessageId(7);
    auto call = send_voice_call(std::move(file));
    EXPECT_EQ(call.method, "sendVoice");
    EXPECT_FALSE(call.repeatable);
    EXPECT_TRUE(call.json.empty());
    EXPECT_EQ(part_of(call, "chat_id"), "-1001234567890");
    EXPECT_EQ(part_of(call, "caption"), "−2 · 18 left");
    EXPECT_EQ(part_of(call, "duration"), "3");
    EXPECT_EQ(json::parse(part_of(call, "reply_parameters")),
              json::parse(R"({"message_id":7,"allow_sending_without_reply":true})"));
    const auto& upload = call.parts.back();
    EXPECT_EQ(upload.name, "voice");
    boost::asio::io_context loop;
    EXPECT_EQ(test::run(loop, read_to_end(std::move(call.content))), bytes);
    EXPECT_EQ(upload.file_name, "voice.ogg");
    EXPECT_EQ(upload.mime_type, "audio/ogg");
}

TEST(TelegramCalls, AFileThatTelegramHasIsSentByItsId) {
    const auto file = [] {
        OutgoingFile again;
        again.chat = ChatId(5);
        again.file_id = "AwADBA";
        again.duration = Duration(1'000);
        return again;
    };
    expect_json(send_voice_call(file()), R"({"chat_id":5,"duration":1,"voice":"AwADBA"})");
    expect_json(send_audio_call(file()), R"({"chat_id":5,"duration":1,"audio":"AwADBA"})");
    expect_json(send_document_call(file()), R"({"chat_id":5,"document":"AwADBA"})");
}

TEST(TelegramCalls, ADocumentKeepsItsNameAndType) {
    OutgoingFile file;
    file.chat = ChatId(5);
    file.content = std::make_unique<HeldBytes>("text");
    file.file_name = "transcript.txt";
    file.mime_type = "text/plain";
    const auto call = send_document_call(std::move(file));
    EXPECT_EQ(call.method, "sendDocument");
    EXPECT_EQ(call.parts.back().file_name, "transcript.txt");
    EXPECT_EQ(call.parts.back().mime_type, "text/plain");
    EXPECT_EQ(part_of(call, "duration"), "(none)");
    EXPECT_EQ(part_of(call, "caption"), "(none)");
}

TEST(TelegramCalls, AnEditWithoutAKeyboardRemovesTheOldOne) {
    const auto call = edit_message_text_call(ChatId(5), MessageId(9), "new", {});
    EXPECT_EQ(call.method, "editMessageText");
    EXPECT_EQ(call.chat, ChatId(5));
    expect_json(call, R"({"chat_id":5,"message_id":9,"text":"new",
        "link_preview_options":{"is_disabled":true},"reply_markup":{"inline_keyboard":[]}})");
}

TEST(TelegramCalls, TheSmallOnes) {
    expect_json(get_me_call(), "{}");
    expect_json(delete_message_call(ChatId(5), MessageId(9)), R"({"chat_id":5,"message_id":9})");
    expect_json(send_chat_action_call(ChatId(5), ChatAction::record_voice, std::nullopt),
                R"({"chat_id":5,"action":"record_voice"})");
    EXPECT_FALSE(send_chat_action_call(ChatId(5), ChatAction::typing, std::nullopt).may_wait);
    expect_json(answer_callback_query_call("77", ""), R"({"callback_query_id":"77"})");
    expect_json(answer_callback_query_call("77", "gone"),
                R"({"callback_query_id":"77","text":"gone"})");
    expect_json(set_my_commands_call({{"start", "Begin"}}, ""),
                R"({"commands":[{"command":"start","description":"Begin"}]})");
    expect_json(set_my_commands_call({}, "ru"), R"({"commands":[],"language_code":"ru"})");
    expect_json(get_file_call("A\"b"), R"({"file_id":"A\"b"})");
}

}  // namespace
}  // namespace mlbilling::telegram
