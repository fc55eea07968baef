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

Outcome<RemoteFile> read_remote_file(const json::value& result) {
    const auto* object = result.if_object();
    if (object == nullptr) return unreadable("file");
    RemoteFile file;
    file.path = text_in(*object, "file_path", 1024).value_or("");
    if (!is_safe_file_path(file.path)) {
        Error error;
        error.failure = Failure::file_unavailable;
        error.description = "the Bot API gave no usable path of the file";
        return error;
    }
    const auto size = integer_in(*object, "file_size");
    if (size >= 0) file.size = size;
    return file;
}

}  // namespace mlbilling::telegram
