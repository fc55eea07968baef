#include "adapters/telegram/bot_call.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <utility>

#include "base/check.hpp"
#include "domain/names.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

namespace {

/// The server's own cap (telegram.md 1.2).
constexpr Duration longest_poll{50'000};
constexpr int updates_per_poll = 100;

constexpr Names<ChatAction, 4> actions{{{ChatAction::typing, "typing"},
                                        {ChatAction::record_voice, "record_voice"},
                                        {ChatAction::upload_voice, "upload_voice"},
                                        {ChatAction::upload_document, "upload_document"}}};

/// What tells one way to send a file from another.
struct FileMethod {
    std::string_view method;
    std::string_view field;
    std::string_view file_name;
    std::string_view mime_type;
    bool takes_duration;
};

std::int64_t started_seconds(Duration span) {
    return std::chrono::ceil<std::chrono::seconds>(span).count();
}

json::object keyboard_json(const Keyboard& keyboard) {
    json::array rows;
    for (const auto& row : keyboard) {
        json::array buttons;
        for (const auto& button : row)
            buttons.push_back(json::object{{"text", button.text}, {"callback_data", button.data}});
        rows.push_back(std::move(buttons));
    }
    return json::object{{"inline_keyboard", std::move(rows)}};
}

void add_markup(json::object& parameters, const std::optional<MessageId>& reply_to,
                const std::optional<MessageId>& topic, const Keyboard& keyboard) {
    if (topic) parameters["message_thread_id"] = topic->value();
    // A request that was deleted meanwhile must not make its result undeliverable.
    if (reply_to)
        parameters["reply_parameters"] =
            json::object{{"message_id", reply_to->value()}, {"allow_sending_without_reply", true}};
    if (!keyboard.empty()) parameters["reply_markup"] = keyboard_json(keyboard);
}

json::array wanted_updates() { return {"message", "callback_query"}; }

BotCall json_call(std::string_view method, const json::object& parameters,
                  std::optional<ChatId> chat = std::nullopt) {
    BotCall call;
    call.method = method;
    call.json = json::serialize(parameters);
    call.chat = chat;
    return call;
}

/// In multipart, what is not a string is written as JSON (telegram.md 1.1).
std::vector<HttpPart> as_parts(const json::object& parameters) {
    std::vector<HttpPart> parts;
    for (const auto& [name, value] : parameters) {
        HttpPart part;
        part.name = std::string(name.data(), name.size());
        part.bytes = value.is_string()
                         ? std::string(value.get_string().c_str(), value.get_string().size())
                         : json::serialize(value);
        parts.push_back(std::move(part));
    }
    return parts;
}

BotCall file_call(const FileMethod& how, OutgoingFile file) {
    json::object parameters{{"chat_id", file.chat.value()}};
    if (!file.caption.empty()) parameters["caption"] = file.caption;
    if (how.takes_duration && file.duration > Duration::zero())
        parameters["duration"] = started_seconds(file.duration);
    add_markup(parameters, file.reply_to, file.topic, file.keyboard);

    BotCall call;
    call.method = how.method;
    call.chat = file.chat;
    call.repeatable = false;
    CHECK(file.file_id.empty() == (file.content != nullptr));
    if (!file.content) {
        parameters[how.field] = file.file_id;
        call.json = json::serialize(parameters);
        return call;
    }
    call.parts = as_parts(parameters);
    HttpPart upload;
    upload.name = how.field;
    upload.file_name =
        file.file_name.empty() ? std::string(how.file_name) : std::move(file.file_name);
    upload.mime_type =
        file.mime_type.empty() ? std::string(how.mime_type) : std::move(file.mime_type);
    call.parts.push_back(std::move(upload));
    call.content = std::move(file.content);
    return call;
}

}  // namespace

BotCall get_me_call() { return json_call("getMe", {}); }

namespace {

BotCall poll_call(std::int64_t offset, Duration wait, int limit) {
    auto call = json_call("getUpdates", json::object{{"offset", offset},
                                                     {"limit", limit},
                                                     {"timeout", wait.count() / 1000},
                                                     {"allowed_updates", wanted_updates()}});
    call.server_waits = wait;
    return call;
}

}  // namespace

BotCall get_updates_call(std::int64_t offset, Duration timeout) {
    return poll_call(offset, std::clamp(timeout, Duration::zero(), longest_poll), updates_per_poll);
}

BotCall get_first_update_call(std::int64_t offset) { return poll_call(offset, Duration(0), 1); }

BotCall send_message_call(const OutgoingText& message) {
    json::object parameters{{"chat_id", message.chat.value()},
                            {"text", message.text},
                            {"link_preview_options", json::object{{"is_disabled", true}}}};
    if (message.silent) parameters["disable_notification"] = true;
    add_markup(parameters, message.reply_to, message.topic, message.keyboard);
    auto call = json_call("sendMessage", parameters, message.chat);
    call.repeatable = false;
    return call;
}

BotCall send_voice_call(OutgoingFile file) {
    return file_call({"sendVoice", "voice", "voice.ogg", "audio/ogg", true}, std::move(file));
}

BotCall send_audio_call(OutgoingFile file) {
    return file_call({"sendAudio", "audio", "audio.ogg", "audio/ogg", true}, std::move(file));
}

BotCall send_document_call(OutgoingFile file) {
    return file_call({"sendDocument", "document", "file.bin", "application/octet-stream", false},
                     std::move(file));
}

BotCall edit_message_text_call(ChatId chat, MessageId message, std::string_view text,
                               const Keyboard& keyboard) {
    // An empty keyboard is sent as well: it removes the one that was there.
    return json_call("editMessageText",
                     json::object{{"chat_id", chat.value()},
                                  {"message_id", message.value()},
                                  {"text", text},
                                  {"link_preview_options", json::object{{"is_disabled", true}}},
                                  {"reply_markup", keyboard_json(keyboard)}},
                     chat);
}

BotCall delete_message_call(ChatId chat, MessageId message) {
    return json_call("deleteMessage",
                     json::object{{"chat_id", chat.value()}, {"message_id", message.value()}},
                     chat);
}

BotCall send_chat_action_call(ChatId chat, ChatAction action, std::optional<MessageId> topic) {
    json::object parameters{{"chat_id", chat.value()}, {"action", name_of(actions, action)}};
    if (topic) parameters["message_thread_id"] = topic->value();
    auto call = json_call("sendChatAction", parameters, chat);
    // Seconds later it would be about something else.
    call.may_wait = false;
    return call;
}

BotCall answer_callback_query_call(std::string_view id, std::string_view text) {
    json::object parameters{{"callback_query_id", id}};
    if (!text.empty()) parameters["text"] = text;
    return json_call("answerCallbackQuery", parameters);
}

BotCall set_my_commands_call(const std::vector<BotCommand>& commands,
                             std::string_view language_code) {
    json::array list;
    for (const auto& command : commands)
        list.push_back(
            json::object{{"command", command.command}, {"description", command.description}});
    json::object parameters{{"commands", std::move(list)}};
    if (!language_code.empty()) parameters["language_code"] = language_code;
    return json_call("setMyCommands", parameters);
}

BotCall set_webhook_call(const Webhook& webhook) {
    return json_call("setWebhook", json::object{{"url", webhook.url},
                                                {"secret_token", webhook.secret_token},
                                                {"max_connections", webhook.max_connections},
                                                {"allowed_updates", wanted_updates()}});
}

BotCall delete_webhook_call() { return json_call("deleteWebhook", {}); }

BotCall get_webhook_info_call() { return json_call("getWebhookInfo", {}); }

BotCall get_file_call(std::string_view file_id) {
    return json_call("getFile", json::object{{"file_id", file_id}});
}

}  // namespace mlbilling::telegram
