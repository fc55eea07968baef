#include "sandbox/targets.hpp"

#include <boost/json.hpp>

#include "sandbox/bot_json.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {

namespace json = boost::json;

OrRefusal<Chat*> chat_of(State& state, const Parameters& parameters) {
    if (parameters.text("chat_id").empty()) return bad_request("chat_id is empty");
    const auto id = parameters.number("chat_id");
    auto* chat = id ? state.chats.find(*id) : nullptr;
    if (chat == nullptr) return bad_request("chat not found");
    return chat;
}

OrRefusal<Chat*> writable_chat_of(State& state, const Parameters& parameters) {
    auto chat = chat_of(state, parameters);
    if (!chat) return chat;
    const auto* person = state.people.find((*chat)->id);
    if (person != nullptr && person->blocked)
        return failure(403, "Forbidden: bot was blocked by the user");
    return chat;
}

OrRefusal<std::optional<std::int64_t>> reply_target_of(const Chat& chat,
                                                       const Parameters& parameters) {
    std::int64_t id = 0;
    bool may_be_gone = false;
    if (!parameters.has("reply_parameters")) {
        id = parameters.number("reply_to_message_id").value_or(0);
        may_be_gone = parameters.flag("allow_sending_without_reply");
    } else if (const auto text = parameters.text("reply_parameters"); !text.empty()) {
        boost::system::error_code error;
        const auto parsed = json::parse(text, error);
        if (error) return bad_request("can't parse reply parameters JSON object");
        if (!parsed.is_object()) return bad_request("object expected as reply parameters");
        const auto& object = parsed.get_object();
        if (object.contains("quote")) return bad_request("the sandbox does not support quotes");
        if (const auto* number = object.if_contains("message_id")) {
            if (!number->is_int64())
                return bad_request("field \"message_id\" must be a valid Number");
            id = number->get_int64();
        }
        const auto* lenient = object.if_contains("allow_sending_without_reply");
        may_be_gone = lenient != nullptr && lenient->is_bool() && lenient->get_bool();
    }
    if (id <= 0) return std::optional<std::int64_t>();
    if (chat.message(id) != nullptr) return std::optional(id);
    if (may_be_gone) return std::optional<std::int64_t>();
    return bad_request("message to be replied not found");
}

OrRefusal<std::optional<std::int64_t>> topic_of(const Chat& chat, const Parameters& parameters,
                                                std::optional<std::int64_t> reply_to) {
    if (const auto topic = parameters.number("message_thread_id")) {
        if (!chat.topics.contains(*topic)) return bad_request("message thread not found");
        return topic;
    }
    const auto* replied = reply_to ? chat.message(*reply_to) : nullptr;
    return replied == nullptr ? std::optional<std::int64_t>() : replied->topic;
}

OrRefusal<std::string> plain_text_of(const Parameters& parameters, const std::string& name,
                                     std::size_t longest, const std::string& too_long) {
    const auto entities = name == "text" ? "entities" : name + "_entities";
    if (!parameters.text("parse_mode").empty()) return bad_request("unsupported parse_mode");
    if (const auto list = parameters.text(entities); !list.empty() && list != "[]") {
        return bad_request("the sandbox does not support entities");
    }
    const auto raw = parameters.text(name);
    if (!is_utf8(raw)) return bad_request("strings must be encoded in UTF-8");
    auto text = trimmed(raw);
    if (utf16_length(text) > longest) return bad_request(too_long);
    return text;
}

OrRefusal<Message> message_of(const Chat& chat, const Parameters& parameters,
                              const std::string& what) {
    const auto* message = chat.message(parameters.number("message_id").value_or(0));
    if (message == nullptr) return bad_request(what + " not found");
    return *message;
}

std::string sent_json(const State& state, const Call& call, const Chat& chat,
                      const Message& message) {
    const auto* reply_to = message.reply_to ? chat.message(*message.reply_to) : nullptr;
    return json::serialize(message_json(state, call.bot, chat.id, message, reply_to));
}

RecordEntry entry_of(const std::string& method, const Message& message, Time at) {
    RecordEntry entry;
    entry.method = method;
    entry.message_id = message.id;
    entry.text = message.text;
    entry.caption = message.caption;
    entry.kind = message.kind();
    entry.at = at;
    if (message.file) {
        entry.file_unique_id = message.file->unique_id;
        entry.size = message.file->size;
        entry.duration = message.file->duration;
    }
    return entry;
}

}  // namespace mlbilling::sandbox
