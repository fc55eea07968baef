#include <boost/json.hpp>

#include "sandbox/control_routes.hpp"
#include "sandbox/page_json.hpp"
#include "sandbox/user_actions.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

HttpResponse answer_with(const Result<Message>& message) {
    if (!message) return control_error(400, message.error().message);
    return control_answer(message_view(*message));
}

std::string parameter(const ControlCall& call, const std::string& name) {
    const auto found = call.request.query.find(name);
    return found == call.request.query.end() ? std::string() : found->second;
}

/// The text of a message and who writes it where, from the body.
TextFromUser text_in(const json::object& body, const std::string& chat) {
    TextFromUser text;
    text.chat = number_from(chat).value_or(0);
    text.from = number_in(body, "from").value_or(0);
    text.text = string_in(body, "text").value_or("");
    text.reply_to = number_in(body, "reply_to");
    text.forwarded = flag_in(body, "forwarded").value_or(false);
    text.topic = number_in(body, "topic");
    return text;
}

}  // namespace

HttpResponse write_message(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    return answer_with(post_text(state, text_in(*body, call.id), call.now));
}

HttpResponse edit_message(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    const auto message = number_in(*body, "message_id").value_or(0);
    return answer_with(edit_text(state, text_in(*body, call.id), message, call.now));
}

HttpResponse send_file(State& state, const ControlCall& call) {
    FileFromUser file;
    file.chat = number_from(call.id).value_or(0);
    file.from = number_from(parameter(call, "from")).value_or(0);
    const auto kind = kind_named(parameter(call, "kind"));
    if (!kind)
        return control_error(400, "kind must be voice, audio, video_note, video or document");
    const auto duration = number_from(parameter(call, "duration")).value_or(0);
    if (duration < 0 || duration > 86'400)
        return control_error(400, "duration must be 0 to 86400 seconds");
    if (static_cast<std::int64_t>(call.request.body.size()) > largest_upload) {
        return control_error(413, "the file is larger than 50 MB");
    }
    file.description.kind = *kind;
    file.description.duration = static_cast<int>(duration);
    file.description.name = parameter(call, "name");
    file.description.mime = parameter(call, "mime");
    file.caption = parameter(call, "caption");
    file.reply_to = number_from(parameter(call, "reply_to"));
    file.forwarded = parameter(call, "forwarded") == "true";
    file.topic = number_from(parameter(call, "topic"));
    file.bytes = call.request.body;
    return answer_with(post_file(state, std::move(file), call.now));
}

HttpResponse press(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    const auto problem =
        press_button(state, number_from(call.id).value_or(0), number_in(*body, "from").value_or(0),
                     number_in(*body, "message_id").value_or(0),
                     string_in(*body, "data").value_or(""), call.now);
    if (problem) return control_error(400, problem->message);
    return control_answer(json::object{{"ok", true}});
}

HttpResponse repeat_update(State& state, const ControlCall& call) {
    const auto body = body_of(call.request);
    if (!body) return control_error(400, body.error().message);
    const auto chat = number_in(*body, "chat_id").value_or(0);
    if (!state.updates.repeat(chat)) return control_error(404, "this chat has had no update yet");
    return control_answer(json::object{{"ok", true}});
}

HttpResponse show_record(State& state, const ControlCall& call) {
    const auto id = number_from(parameter(call, "chat_id"));
    const auto* chat = id ? state.chats.find(*id) : nullptr;
    if (chat == nullptr) return control_error(404, "there is no such chat");
    return control_answer(record_view(*chat));
}

}  // namespace mlbilling::sandbox
