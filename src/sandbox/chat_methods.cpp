#include <algorithm>
#include <array>

#include "sandbox/methods.hpp"
#include "sandbox/targets.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

/// How long a chat action is shown (telegram.md 1.4).
constexpr auto action_life = std::chrono::seconds(5);
constexpr std::size_t longest_toast = 200;

/// The action under its newer name, or empty for an unknown one.
std::string action_named(const std::string& wanted) {
    static constexpr std::array<std::string_view, 10> names{
        "typing",           "upload_photo",   "record_video",
        "upload_video",     "record_voice",   "upload_voice",
        "upload_document",  "choose_sticker", "record_video_note",
        "upload_video_note"};
    if (wanted == "record_audio") return "record_voice";
    if (wanted == "upload_audio") return "upload_voice";
    if (wanted == "find_location" || wanted == "pick_up_location") return "find_location";
    return std::find(names.begin(), names.end(), wanted) != names.end() ? wanted : std::string();
}

}  // namespace

Answer send_chat_action(State& state, const Call& call) {
    const auto action = action_named(lower_case(call.parameters.text("action")));
    if (action.empty()) return bad_request("wrong parameter action in request");
    const auto chat = writable_chat_of(state, call.parameters);
    if (!chat) return chat.error();
    const auto topic = topic_of(**chat, call.parameters, std::nullopt);
    if (!topic) return topic.error();
    state.chats.show_action(**chat, {action, call.now + action_life});
    return success("true");
}

Answer answer_callback_query(State& state, const Call& call) {
    const auto text = call.parameters.text("text");
    if (!is_utf8(text)) return bad_request("strings must be encoded in UTF-8");
    if (utf16_length(text) > longest_toast) return bad_request("MESSAGE_TOO_LONG");
    const auto query = state.queries.answer(call.parameters.text("callback_query_id"), call.now);
    auto* chat = query ? state.chats.find(query->chat) : nullptr;
    if (chat == nullptr) {
        return bad_request("query is too old and response timeout expired or query ID is invalid");
    }
    if (!text.empty()) state.chats.show_toast(*chat, text);
    RecordEntry entry;
    entry.method = "answerCallbackQuery";
    entry.message_id = query->message;
    entry.text = text;
    entry.at = call.now;
    state.chats.note(*chat, std::move(entry));
    return success("true");
}

}  // namespace mlbilling::sandbox
