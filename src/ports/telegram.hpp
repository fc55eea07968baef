#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"
#include "ports/byte_source.hpp"

namespace mlbilling::telegram {

/// Why a call did not do what it was asked; the one table of telegram.md section 2.
enum class Failure {
    not_sent,           ///< never reached Telegram (DNS, connect, TLS): safe to repeat
    ambiguous,          ///< may or may not have happened (timeout, reset, 5xx)
    too_many_requests,  ///< definitely not done; wait `retry_after`
    unauthorized,       ///< the token is not valid (any more)
    conflict,           ///< another poller or a webhook is active
    forbidden,          ///< blocked by the user, kicked, deactivated: this chat cannot be reached
    chat_not_found,
    write_forbidden,   ///< the chat is there, and the bot may not write in it
    reply_gone,        ///< the message to be answered is not there
    topic_closed,      ///< the topic of the forum is closed or gone
    migrated,          ///< the group became a supergroup: use `migrate_to`
    voice_forbidden,   ///< the recipient forbids voice messages (or audios, documents)
    not_modified,      ///< an edit that changes nothing: a success
    message_gone,      ///< the message to edit or delete is not there
    query_expired,     ///< the button was pressed too long ago
    too_large,         ///< file or message above a limit
    file_unavailable,  ///< wrong or expired file_id
    unreadable,        ///< updates came, and one of them cannot be read: ask for them one by one
    bad_request        ///< anything else that will never work
};

struct Error {
    Failure failure = Failure::bad_request;
    /// Telegram's description with the token removed.
    std::string description;
    Duration retry_after{};
    std::optional<ChatId> migrate_to;
    /// Of unreadable: the first update of the answer, as far as its id can be made out.
    std::optional<UpdateId> update = std::nullopt;
};

template <class T>
using Outcome = Result<T, Error>;
/// For calls that answer nothing but "done".
using Done = std::monostate;

struct User {
    TelegramId id;
    bool is_bot = false;
    std::string username;
    std::string first_name;
    /// IETF tag, or empty.
    std::string language_code;
};

enum class ChatKind { private_chat, group };

struct Chat {
    ChatId id;
    ChatKind kind = ChatKind::private_chat;
};

/// A file that a user sent. All but file_id is the sender's claim (telegram.md 1.5).
struct MediaFile {
    enum class Kind { voice, audio, video_note, video, document };
    Kind kind = Kind::voice;
    std::string file_id;
    std::string file_unique_id;
    std::optional<Duration> duration;
    std::optional<std::int64_t> size;
    std::string mime_type;
    std::string file_name;
};

struct IncomingMessage {
    MessageId id;
    Chat chat;
    /// Absent for channel posts and anonymous group admins.
    std::optional<User> from;
    Time date;
    std::string text;
    std::optional<MediaFile> media;
    /// Whether it answers one of this bot's messages.
    bool replies_to_bot = false;
    bool forwarded = false;
    /// Message that this one answers, with its text and media one level deep at most.
    std::optional<MessageId> reply_to;
    std::string reply_to_text;
    std::optional<MediaFile> reply_to_media;
    /// The topic of a forum that it was written in (telegram.md 1.4).
    std::optional<MessageId> topic;
};

struct CallbackQuery {
    std::string id;
    User from;
    /// At most 64 bytes, and the sender may have made it up.
    std::string data;
    /// The message with the button; absent when it is too old.
    std::optional<Chat> chat;
    std::optional<MessageId> message;
    /// The topic of a forum that the message stands in.
    std::optional<MessageId> topic;
};

struct Update {
    UpdateId id;
    /// monostate: a kind of update that we do not use.
    std::variant<std::monostate, IncomingMessage, CallbackQuery> content;
};

struct Button {
    std::string text;
    /// 1-64 bytes.
    std::string data;
};
/// Rows of buttons under a message; empty for none.
using Keyboard = std::vector<std::vector<Button>>;

struct OutgoingText {
    ChatId chat;
    std::string text;
    std::optional<MessageId> reply_to;
    Keyboard keyboard;
    bool silent = false;
    /// The topic of a forum where it goes; without one it goes to General.
    std::optional<MessageId> topic = std::nullopt;
};

/// A voice, audio or document: one of `content`, which is uploaded while it is read, and `file_id`,
/// by which Telegram sends again what it has.
struct OutgoingFile {
    ChatId chat;
    std::string file_id;
    std::unique_ptr<ByteSource> content;
    std::string file_name;
    std::string mime_type;
    std::string caption;
    Duration duration{};
    std::optional<MessageId> reply_to;
    Keyboard keyboard;
    /// See OutgoingText.
    std::optional<MessageId> topic = std::nullopt;
};

struct SentMessage {
    MessageId id;
    /// Of the file that was sent, for sending it again.
    std::string file_id;
};

struct Identity {
    BotId id;
    std::string username;
};

struct BotCommand {
    std::string command;
    std::string description;
};

/// Where Telegram is to bring updates (telegram.md 1.3).
struct Webhook {
    /// https://, port 443, 80, 88 or 8443.
    std::string url;
    /// 1-256 of A-Z, a-z, 0-9, _ and -; comes back with every update.
    std::string secret_token;
    /// Updates that are brought at the same time, 1-100.
    int max_connections = 40;
};

/// What Telegram tells of its webhook.
struct WebhookInfo {
    /// Empty: none is set.
    std::string url;
    std::int64_t pending_updates = 0;
    /// When bringing an update failed last, and why.
    std::optional<Time> last_error_at;
    std::string last_error;
};

enum class ChatAction { typing, record_voice, upload_voice, upload_document };

/// The Bot API. Every call has a deadline of its own and ends with an Error at worst; a 429 holds
/// back later calls to the same chat until retry_after has passed. What a file's content throws
/// passes through, and the file is then not sent.
class Api {
  public:
    virtual ~Api() = default;

    virtual Async<Outcome<Identity>> get_me() = 0;
    /// Waits at Telegram up to `timeout` (at most 50 s); confirms every update below `offset`.
    virtual Async<Outcome<std::vector<Update>>> get_updates(std::int64_t offset,
                                                            Duration timeout) = 0;
    /// The first of them alone, at once, if there is one.
    virtual Async<Outcome<std::vector<Update>>> get_first_update(std::int64_t offset) = 0;
    virtual Async<Outcome<SentMessage>> send_message(OutgoingText message) = 0;
    virtual Async<Outcome<SentMessage>> send_voice(OutgoingFile file) = 0;
    virtual Async<Outcome<SentMessage>> send_audio(OutgoingFile file) = 0;
    virtual Async<Outcome<SentMessage>> send_document(OutgoingFile file) = 0;
    virtual Async<Outcome<Done>> edit_message_text(ChatId chat, MessageId message, std::string text,
                                                   Keyboard keyboard) = 0;
    virtual Async<Outcome<Done>> delete_message(ChatId chat, MessageId message) = 0;
    virtual Async<Outcome<Done>> send_chat_action(ChatId chat, ChatAction action,
                                                  std::optional<MessageId> topic) = 0;
    virtual Async<Outcome<Done>> answer_callback_query(std::string id, std::string text) = 0;
    virtual Async<Outcome<Done>> set_my_commands(std::vector<BotCommand> commands,
                                                 std::string language_code) = 0;
    /// Sets or replaces the webhook; polls are refused from then on. Asks for the same kinds of
    /// updates as get_updates().
    virtual Async<Outcome<Done>> set_webhook(Webhook webhook) = 0;
    /// Also when none is set. Updates that wait are kept.
    virtual Async<Outcome<Done>> delete_webhook() = 0;
    virtual Async<Outcome<WebhookInfo>> get_webhook_info() = 0;
    /// getFile and the download in one; at most `largest` bytes, else too_large.
    virtual Async<Outcome<std::string>> download(std::string file_id, std::size_t largest) = 0;
};

/// Takes the updates that a webhook brings.
class UpdateReceiver {
  public:
    virtual ~UpdateReceiver() = default;

    /// True when the update is done with and Telegram may forget it; otherwise it has to be brought
    /// again.
    virtual Async<bool> receive(Update update) = 0;
};

}  // namespace mlbilling::telegram
