#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http_client/http_call.hpp"
#include "ports/telegram.hpp"

/// Each method of the Bot API as the request that it becomes (telegram.md 1.2 to 1.5).
namespace mlbilling::telegram {

struct BotCall {
    /// A literal.
    std::string_view method;
    /// The parameters: JSON, or multipart with an upload.
    std::string json;
    std::vector<HttpPart> parts;
    /// The bytes of the last part.
    std::unique_ptr<ByteSource> content;
    /// The chat that a 429 holds back; without one it is the method.
    std::optional<ChatId> chat;
    /// Whether Telegram may receive it twice without anything being sent twice.
    bool repeatable = true;
    /// Whether it is still wanted after a short hold-off.
    bool may_wait = true;
    /// What Telegram itself waits before it answers.
    Duration server_waits{};
};

BotCall get_me_call();
BotCall get_updates_call(std::int64_t offset, Duration timeout);
BotCall get_first_update_call(std::int64_t offset);
BotCall send_message_call(const OutgoingText& message);
BotCall send_voice_call(OutgoingFile file);
BotCall send_audio_call(OutgoingFile file);
BotCall send_document_call(OutgoingFile file);
BotCall edit_message_text_call(ChatId chat, MessageId message, std::string_view text,
                               const Keyboard& keyboard);
BotCall delete_message_call(ChatId chat, MessageId message);
BotCall send_chat_action_call(ChatId chat, ChatAction action, std::optional<MessageId> topic);
BotCall answer_callback_query_call(std::string_view id, std::string_view text);
BotCall set_my_commands_call(const std::vector<BotCommand>& commands,
                             std::string_view language_code);
BotCall set_webhook_call(const Webhook& webhook);
BotCall delete_webhook_call();
BotCall get_webhook_info_call();
BotCall get_file_call(std::string_view file_id);

}  // namespace mlbilling::telegram
