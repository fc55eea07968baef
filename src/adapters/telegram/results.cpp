#include "adapters/telegram/results.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "adapters/telegram/file_path.hpp"
#include "adapters/telegram/json_fields.hpp"
#include "adapters/telegram/media_parser.hpp"
#include "adapters/telegram/reply.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

Outcome<Identity> read_identity(const json::value& result) {
    const auto* object = result.if_object();
    const auto id = object == nullptr ? std::nullopt : id_in(*object, "id");
    if (!id || *id < 0) return unreadable("identity");
    Identity identity;
    identity.id = BotId(*id);
    identity.username = text_in(*object, "username", 1024).value_or("");
    return identity;
}

Outcome<SentMessage> read_sent(const json::value& result) {
    const auto* object = result.if_object();
    const auto id = object == nullptr ? std::nullopt : id_in(*object, "message_id");
    if (!id || *id < 0) return unreadable("message");
    SentMessage sent;
    sent.id = MessageId(*id);
    if (auto file = read_media(*object)) sent.file_id = std::move(file->file_id);
    return sent;
}

Outcome<RemoteFile> read_remote_file(const json::value& result, bool local) {
    const auto* object = result.if_object();
    if (object == nullptr) return unreadable("file");
    RemoteFile file;
    file.path = text_in(*object, "file_path", 1024).value_or("");
    const bool absolute = file.path.starts_with('/');
    if (absolute ? !local : !is_safe_file_path(file.path)) {
        Error error;
        error.failure = Failure::file_unavailable;
        error.description = absolute ? "the Bot API server runs with --local: set "
                                       "TELEGRAM_LOCAL_FILES to its directory"
                                     : "the Bot API gave no usable path of the file";
        return error;
    }
    const auto size = integer_in(*object, "file_size");
    if (size >= 0) file.size = size;
    return file;
}

Outcome<WebhookInfo> read_webhook_info(const json::value& result) {
    const auto* object = result.if_object();
    auto url = object == nullptr ? std::nullopt : text_in(*object, "url", 2048);
    if (!url) return unreadable("webhook");
    WebhookInfo info;
    info.url = std::move(*url);
    info.pending_updates = integer_in(*object, "pending_update_count").value_or(0);
    info.last_error = text_in(*object, "last_error_message", 1024).value_or("");
    constexpr std::int64_t latest = 253'402'300'799;  // the end of the year 9999
    const auto seconds = integer_in(*object, "last_error_date");
    if (seconds && *seconds > 0 && *seconds <= latest)
        info.last_error_at = Time(std::chrono::seconds(*seconds));
    return info;
}

}  // namespace mlbilling::telegram
