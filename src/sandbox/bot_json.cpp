#include "sandbox/bot_json.hpp"

#include <boost/json.hpp>

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

std::int64_t seconds(Time time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

json::array entities_json(const std::string& text) {
    json::array out;
    for (const auto& entity : entities_of(text)) {
        const bool command = entity.kind == Entity::Kind::bot_command;
        out.push_back(json::object{{"offset", entity.offset},
                                   {"length", entity.length},
                                   {"type", command ? "bot_command" : "mention"}});
    }
    return out;
}

/// Voice, Audio, VideoNote, Video or Document; each has its own fields (telegram.md 1.5).
json::object media_json(const State& state, std::int64_t bot, const Attachment& file) {
    auto out = file_json(state, bot, file);
    const bool is_document = file.kind == MessageKind::document;
    const bool is_note = file.kind == MessageKind::video_note;
    if (!is_document) out["duration"] = file.duration;
    if (is_note) out["length"] = 384;
    if (file.kind == MessageKind::video) {
        out["width"] = 1280;
        out["height"] = 720;
    }
    if (!is_note && !file.mime.empty()) out["mime_type"] = file.mime;
    const bool named = !is_note && file.kind != MessageKind::voice;
    if (named && !file.name.empty()) out["file_name"] = file.name;
    return out;
}

json::object member_json(std::int64_t bot, bool is_member, bool in_group) {
    json::object out{{"user", bot_user_json(bot)}};
    const char* outside = in_group ? "left" : "kicked";
    out["status"] = is_member ? "member" : outside;
    if (!is_member && !in_group) out["until_date"] = 0;
    return out;
}

}  // namespace

json::object bot_user_json(std::int64_t bot) {
    return {{"id", bot}, {"is_bot", true}, {"first_name", bot_name}, {"username", bot_username}};
}

json::object user_json(const State& state, std::int64_t bot, std::int64_t id) {
    const auto* person = state.people.find(id);
    if (person == nullptr) return bot_user_json(bot);
    json::object out{{"id", id}, {"is_bot", false}, {"first_name", person->first_name}};
    if (!person->username.empty()) out["username"] = person->username;
    if (!person->language_code.empty()) out["language_code"] = person->language_code;
    return out;
}

json::object chat_json(const State& state, std::int64_t id) {
    json::object out{{"id", id}};
    const auto* person = state.people.find(id);
    if (person != nullptr) {
        out["first_name"] = person->first_name;
        if (!person->username.empty()) out["username"] = person->username;
        out["type"] = "private";
    } else if (const auto* chat = state.chats.find(id)) {
        out["title"] = chat->title;
        const bool is_forum = !chat->topics.empty();
        out["type"] = is_forum ? "supergroup" : "group";
        if (is_forum)
            out["is_forum"] = true;
        else
            out["all_members_are_administrators"] = false;
    }
    return out;
}

json::object file_json(const State& state, std::int64_t bot, const Attachment& file) {
    return {{"file_id", state.files.file_id(bot, file)},
            {"file_unique_id", file.unique_id},
            {"file_size", file.size}};
}

json::object keyboard_json(const Keyboard& keyboard) {
    json::array rows;
    for (const auto& row : keyboard) {
        json::array buttons;
        for (const auto& button : row) {
            json::object out{{"text", button.text}};
            if (button.url.empty()) {
                out["callback_data"] = button.data;
            } else {
                out["url"] = button.url;
            }
            buttons.push_back(std::move(out));
        }
        rows.push_back(std::move(buttons));
    }
    return {{"inline_keyboard", std::move(rows)}};
}

json::object message_json(const State& state, std::int64_t bot, std::int64_t chat,
                          const Message& message, const Message* reply_to) {
    json::object out{{"message_id", message.id}};
    out["from"] = message.from_bot ? bot_user_json(bot) : user_json(state, bot, message.from_id);
    out["chat"] = chat_json(state, chat);
    out["date"] = seconds(message.date);
    if (message.topic) {
        out["message_thread_id"] = *message.topic;
        out["is_topic_message"] = true;
    }
    if (message.edited) out["edit_date"] = seconds(*message.edited);
    if (message.forwarded) {
        // From somebody who hides who they are: the commonest origin, and the one with the least to
        // read.
        out["forward_origin"] = json::object{{"type", "hidden_user"},
                                             {"sender_user_name", "Somebody"},
                                             {"date", seconds(message.date)}};
        out["forward_sender_name"] = "Somebody";
        out["forward_date"] = seconds(message.date);
    }
    if (reply_to != nullptr)
        out["reply_to_message"] = message_json(state, bot, chat, *reply_to, nullptr);
    if (message.file) {
        out[name_of(message.file->kind)] = media_json(state, bot, *message.file);
        if (!message.caption.empty()) out["caption"] = message.caption;
    } else {
        out["text"] = message.text;
        auto entities = entities_json(message.text);
        if (!entities.empty()) out["entities"] = std::move(entities);
    }
    if (!message.keyboard.empty()) out["reply_markup"] = keyboard_json(message.keyboard);
    return out;
}

json::object update_json(const State& state, std::int64_t bot, const Update& update) {
    json::object content;
    if (const auto* changed = std::get_if<MessageUpdate>(&update.content)) {
        const auto* reply_to = changed->reply_to ? &*changed->reply_to : nullptr;
        content = message_json(state, bot, update.chat, changed->message, reply_to);
    } else if (const auto* pressed = std::get_if<ButtonUpdate>(&update.content)) {
        content = {
            {"id", pressed->query_id},
            {"from", user_json(state, bot, pressed->from)},
            {"message", message_json(state, bot, update.chat, pressed->message, nullptr)},
            {"chat_instance", std::to_string(static_cast<std::uint64_t>(update.chat) * 1'000'003U)},
            {"data", pressed->data}};
    } else {
        const auto& membership = std::get<MembershipUpdate>(update.content);
        const bool in_group = update.chat < 0;
        content = {{"chat", chat_json(state, update.chat)},
                   {"from", user_json(state, bot, membership.by)},
                   {"date", seconds(membership.date)},
                   {"old_chat_member", member_json(bot, membership.was_member, in_group)},
                   {"new_chat_member", member_json(bot, membership.is_member, in_group)}};
    }
    return {{"update_id", update.id}, {update.type(), std::move(content)}};
}

}  // namespace mlbilling::sandbox
