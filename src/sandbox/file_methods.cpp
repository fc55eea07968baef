#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "sandbox/bot_json.hpp"
#include "sandbox/methods.hpp"
#include "sandbox/targets.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_duration = 86'400;

/// One of the methods that send a file.
struct Sending {
    const char* method;
    /// The parameter that holds the file.
    const char* field;
    MessageKind kind;
    /// As the real server calls the kind in its errors.
    const char* type;
};

constexpr Sending voice_sending{"sendVoice", "voice", MessageKind::voice, "VoiceNote"};
constexpr Sending audio_sending{"sendAudio", "audio", MessageKind::audio, "Audio"};
constexpr Sending document_sending{"sendDocument", "document", MessageKind::document, "Document"};

template <std::size_t size>
bool among(const std::array<std::string_view, size>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string extension_of(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? std::string() : lower_case(name.substr(dot + 1));
}

/// What Telegram makes of an uploaded file, by its name and type as claimed (telegram.md 1.4): a
/// voice is Ogg/Opus, MP3 or M4A; a name or type that says nothing is taken for Ogg; anything else
/// stays a document.
MessageKind kind_of_upload(MessageKind wanted, const UploadedFile& file) {
    static constexpr std::array<std::string_view, 6> extensions{"ogg", "oga",   "opus",
                                                                "mp3", "mpeg3", "m4a"};
    static constexpr std::array<std::string_view, 10> types{"audio/ogg",
                                                            "audio/opus",
                                                            "audio/mpeg",
                                                            "audio/mp3",
                                                            "audio/mp4",
                                                            "audio/m4a",
                                                            "audio/x-m4a",
                                                            "application/ogg",
                                                            "application/octet-stream",
                                                            ""};
    if (wanted == MessageKind::document) return wanted;
    const auto extension = extension_of(file.name);
    const auto mime = lower_case(trimmed(file.mime.substr(0, file.mime.find(';'))));
    const bool fits = extension.empty() ? among(types, mime) : among(extensions, extension);
    return fits ? wanted : MessageKind::document;
}

std::string mime_of_voice(const UploadedFile& file) {
    const auto mime = lower_case(trimmed(file.mime));
    const bool known = mime == "audio/mpeg" || mime == "audio/mp4";
    return known ? mime : "audio/ogg";
}

/// The file that is sent again by its id.
OrRefusal<Attachment> known_file(State& state, const Call& call, const Sending& sending,
                                 const std::string& file_id) {
    if (file_id.starts_with("http://") || file_id.starts_with("https://")) {
        return bad_request("failed to get HTTP URL content: the sandbox fetches nothing");
    }
    const auto stored = state.files.by_file_id(call.bot, file_id);
    if (!stored) return bad_request("wrong file identifier/HTTP URL specified");
    const auto kind = stored->description.kind;
    if (kind == sending.kind) return stored->description;
    return bad_request("can't use file of type " + std::string(name_of(kind)) + " as " +
                       sending.type);
}

/// The uploaded file, or nothing where the parameter names a file_id. Errors as the real server's.
OrRefusal<const UploadedFile*> upload_of(const Call& call, const Sending& sending) {
    const std::string attached = "attach://";
    const auto value = call.parameters.text(sending.field);
    const bool by_name = value.starts_with(attached);
    if (!value.empty() && !by_name) return static_cast<const UploadedFile*>(nullptr);
    const auto* file =
        call.parameters.file(by_name ? value.substr(attached.size()) : sending.field);
    if (file == nullptr)
        return bad_request(std::string("there is no ") + sending.field + " in the request");
    if (file->bytes.empty()) return bad_request("file must be non-empty");
    if (!is_utf8(file->name) || !is_utf8(file->mime))
        return bad_request("strings must be encoded in UTF-8");
    return file;
}

OrRefusal<Attachment> attachment_of(State& state, const Call& call, const Sending& sending) {
    const auto upload = upload_of(call, sending);
    if (!upload) return upload.error();
    if (*upload == nullptr)
        return known_file(state, call, sending, call.parameters.text(sending.field));
    const auto& file = **upload;
    Attachment description;
    description.kind = kind_of_upload(sending.kind, file);
    description.name = file.name.substr(0, 255);
    while (!is_utf8(description.name)) description.name.pop_back();
    description.mime = description.kind == MessageKind::voice ? mime_of_voice(file) : file.mime;
    description.duration =
        static_cast<int>(call.parameters.number_within("duration", 0, 0, longest_duration));
    return state.files.add(file.bytes, description);
}

Answer send_file(State& state, const Call& call, const Sending& sending) {
    const auto keyboard = keyboard_of(call.parameters);
    if (!keyboard) return keyboard.error();
    const auto upload = upload_of(call, sending);
    if (!upload) return upload.error();
    const auto chat = writable_chat_of(state, call.parameters);
    if (!chat) return chat.error();
    auto caption =
        plain_text_of(call.parameters, "caption", longest_caption, "message caption is too long");
    if (!caption) return caption.error();
    const auto reply_to = reply_target_of(**chat, call.parameters);
    if (!reply_to) return reply_to.error();
    const auto topic = topic_of(**chat, call.parameters, *reply_to);
    if (!topic) return topic.error();
    const auto* person = state.people.find((*chat)->id);
    if (sending.kind == MessageKind::voice && person != nullptr && person->forbids_voice) {
        return bad_request("VOICE_MESSAGES_FORBIDDEN");
    }
    auto file = attachment_of(state, call, sending);
    if (!file) return file.error();

    Message message;
    message.from_bot = true;
    message.from_id = call.bot;
    message.date = call.now;
    message.caption = std::move(*caption);
    message.file = std::move(*file);
    message.keyboard = *keyboard;
    message.reply_to = *reply_to;
    message.topic = *topic;
    const auto& kept = state.chats.post(**chat, std::move(message));
    state.chats.note(**chat, entry_of(sending.method, kept, call.now));
    return success(sent_json(state, call, **chat, kept));
}

}  // namespace

Answer send_voice(State& state, const Call& call) { return send_file(state, call, voice_sending); }
Answer send_audio(State& state, const Call& call) { return send_file(state, call, audio_sending); }
Answer send_document(State& state, const Call& call) {
    return send_file(state, call, document_sending);
}

Answer get_file(State& state, const Call& call) {
    const auto file_id = call.parameters.text("file_id");
    if (file_id.empty()) return bad_request("file_id not specified");
    const auto stored = state.files.by_file_id(call.bot, file_id);
    if (!stored) return bad_request("wrong file_id or the file is temporarily unavailable");
    if (stored->description.size > largest_download) return bad_request("file is too big");
    auto out = file_json(state, call.bot, stored->description);
    out["file_path"] = state.files.path_of(*stored);
    return success(json::serialize(out));
}

}  // namespace mlbilling::sandbox
