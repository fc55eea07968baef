#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// What getFile answers.
struct RemoteFile {
    std::string path;
    std::optional<std::int64_t> size;
};

Outcome<Identity> read_identity(const boost::json::value& result);
/// The message that a send made, with the id of the voice, audio, document or video in it: Telegram
/// may show a file as another kind than it was sent as.
Outcome<SentMessage> read_sent(const boost::json::value& result);
/// A path that is not safe to ask for counts as no file (reliability.md 7). `local`: the server may
/// be one that names files on this machine by absolute paths, which are not checked here.
Outcome<RemoteFile> read_remote_file(const boost::json::value& result, bool local);

/// An address too long to be one counts as unreadable.
Outcome<WebhookInfo> read_webhook_info(const boost::json::value& result);

}  // namespace mlbilling::telegram
