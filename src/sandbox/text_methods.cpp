#include "sandbox/methods.hpp"
#include "sandbox/targets.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr auto deletable = std::chrono::hours(48);

/// The bot's own message that message_id names, with the chat it is in.
struct Editable {
    Chat* chat = nullptr;
    Message message;
};

OrRefusal<Editable> editable_of(State& state, const Call& call) {
    const auto chat = chat_of(state, call.parameters);
    if (!chat) return chat.error();
    auto message = message_of(**chat, call.parameters, "message to edit");
    if (!message) return message.error();
    if (!message->from_bot) return bad_request("message can't be edited");
    return Editable{*chat, std::move(*message)};
}

Answer finish_edit(State& state, const Call& call, Editable edited, const std::string& method) {
    const auto* before = edited.chat->message(edited.message.id);
    if (before->text == edited.message.text && before->keyboard == edited.message.keyboard) {
        return bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same "
            "as a current content and reply markup of the message");
    }
    edited.message.edited = call.now;
    const auto& kept = state.chats.replace(*edited.chat, std::move(edited.message));
    state.chats.note(*edited.chat, entry_of(method, kept, call.now));
    return success(sent_json(state, call, *edited.chat, kept));
}

}  // namespace

Answer send_message(State& state, const Call& call) {
    if (call.parameters.text("text").empty()) return bad_request("message text is empty");
    const auto keyboard = keyboard_of(call.parameters);
    if (!keyboard) return keyboard.error();
    const auto chat = writable_chat_of(state, call.parameters);
    if (!chat) return chat.error();
    auto text = plain_text_of(call.parameters, "text", longest_text, "message is too long");
    if (!text) return text.error();
    if (text->empty()) return bad_request("message text is empty");
    const auto reply_to = reply_target_of(**chat, call.parameters);
    if (!reply_to) return reply_to.error();
    const auto topic = topic_of(**chat, call.parameters, *reply_to);
    if (!topic) return topic.error();

    Message message;
    message.from_bot = true;
    message.from_id = call.bot;
    message.date = call.now;
    message.text = std::move(*text);
    message.keyboard = *keyboard;
    message.reply_to = *reply_to;
    message.topic = *topic;
    const auto& kept = state.chats.post(**chat, std::move(message));
    state.chats.note(**chat, entry_of("sendMessage", kept, call.now));
    return success(sent_json(state, call, **chat, kept));
}

Answer edit_message_text(State& state, const Call& call) {
    if (call.parameters.text("text").empty()) return bad_request("message text is empty");
    const auto keyboard = keyboard_of(call.parameters);
    if (!keyboard) return keyboard.error();
    auto editable = editable_of(state, call);
    if (!editable) return editable.error();
    if (editable->message.file) return bad_request("there is no text in the message to edit");
    auto text = plain_text_of(call.parameters, "text", longest_text, "message is too long");
    if (!text) return text.error();
    if (text->empty()) return bad_request("message text is empty");
    editable->message.text = std::move(*text);
    // An edit without reply_markup takes the buttons away, as Telegram does.
    editable->message.keyboard = *keyboard;
    return finish_edit(state, call, std::move(*editable), "editMessageText");
}

Answer edit_message_reply_markup(State& state, const Call& call) {
    const auto keyboard = keyboard_of(call.parameters);
    if (!keyboard) return keyboard.error();
    auto editable = editable_of(state, call);
    if (!editable) return editable.error();
    editable->message.keyboard = *keyboard;
    return finish_edit(state, call, std::move(*editable), "editMessageReplyMarkup");
}

Answer delete_message(State& state, const Call& call) {
    const auto chat = chat_of(state, call.parameters);
    if (!chat) return chat.error();
    const auto message = message_of(**chat, call.parameters, "message to delete");
    if (!message) return message.error();
    // The bot is never an administrator of the sandbox's groups.
    const bool foreign = (*chat)->is_group() && !message->from_bot;
    if (foreign) return bad_request("message can't be deleted");
    if (message->date + deletable < call.now)
        return bad_request("message can't be deleted for everyone");
    state.chats.remove(**chat, message->id);
    state.chats.note(**chat, entry_of("deleteMessage", *message, call.now));
    return success("true");
}

}  // namespace mlbilling::sandbox
