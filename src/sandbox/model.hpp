#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace mlbilling::sandbox {

/// The one bot that lives here, whatever token it calls with; its id is the number before the
/// colon.
inline constexpr std::string_view bot_username = "mlbilling_sandbox_bot";
inline constexpr std::string_view bot_name = "ML Billing sandbox";

/// Telegram's limits (telegram.md 1.4, 1.5), lengths in UTF-16 units.
inline constexpr std::size_t longest_text = 4096;
inline constexpr std::size_t longest_caption = 1024;
inline constexpr std::int64_t largest_download = 20 << 20;
inline constexpr std::int64_t largest_upload = 50 << 20;

/// Somebody who uses the bot.
struct Person {
    std::int64_t id = 0;
    std::string first_name;
    std::string username;
    std::string language_code;
    /// Has blocked the bot: sending to them is 403.
    bool blocked = false;
    /// Premium's privacy setting: voices are refused with VOICE_MESSAGES_FORBIDDEN.
    bool forbids_voice = false;
};

enum class MessageKind { text, voice, audio, document, video, video_note };

std::string_view name_of(MessageKind kind);
std::optional<MessageKind> kind_named(std::string_view name);

/// A file in a message. The bytes lie in Files under the key.
struct Attachment {
    MessageKind kind = MessageKind::document;
    std::string key;
    /// The same for the same content (telegram.md 1.5).
    std::string unique_id;
    std::string name;
    std::string mime;
    std::int64_t size = 0;
    /// Seconds, as the sender claims.
    int duration = 0;
};

struct Button {
    std::string text;
    /// 1-64 bytes; empty for a button that opens a link.
    std::string data;
    std::string url;
    friend bool operator==(const Button&, const Button&) = default;
};
using Keyboard = std::vector<std::vector<Button>>;

struct Message {
    /// Counts up within its chat.
    std::int64_t id = 0;
    /// The chat's sequence when this was sent or last changed.
    std::uint64_t sequence = 0;
    bool from_bot = false;
    std::int64_t from_id = 0;
    Time date;
    std::optional<Time> edited;
    std::string text;
    std::string caption;
    std::optional<Attachment> file;
    Keyboard keyboard;
    std::optional<std::int64_t> reply_to;
    bool forwarded = false;
    /// The topic of a forum that it stands in.
    std::optional<std::int64_t> topic;

    MessageKind kind() const { return file ? file->kind : MessageKind::text; }
};

}  // namespace mlbilling::sandbox
