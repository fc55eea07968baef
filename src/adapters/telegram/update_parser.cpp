#include "adapters/telegram/update_parser.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

#include "adapters/telegram/json_fields.hpp"
#include "adapters/telegram/media_parser.hpp"
#include "adapters/telegram/reply.hpp"
#include "base/log.hpp"

namespace mlbilling::telegram {

namespace json = boost::json;

namespace {

// Bytes. Far above what the Bot API's own limits allow; a message beyond is not from Telegram.
constexpr std::size_t longest_text = std::size_t{64} << 10;
constexpr std::size_t longest_name = 1024;
constexpr std::size_t longest_query_data = 64;

std::optional<User> read_user(const json::object& object) {
    const auto id = id_in(object, "id");
    if (!id || *id < 0) return std::nullopt;
    User user;
    user.id = TelegramId(*id);
    user.is_bot = flag_in(object, "is_bot");
    user.username = text_in(object, "username", longest_name).value_or("");
    user.first_name = text_in(object, "first_name", longest_name).value_or("");
    user.language_code = text_in(object, "language_code", 35).value_or("");
    return user;
}

std::optional<Chat> read_chat(const json::object* object) {
    const auto id = object == nullptr ? std::nullopt : id_in(*object, "id");
    const auto type = object == nullptr ? std::nullopt : text_in(*object, "type", 32);
    if (!id || !type) return std::nullopt;
    Chat chat;
    chat.id = ChatId(*id);
    if (*type == "private") {
        chat.kind = ChatKind::private_chat;
    } else if (*type == "group" || *type == "supergroup") {
        chat.kind = ChatKind::group;
    } else {
        return std::nullopt;
    }
    return chat;
}

/// A message id, or nothing for one that is not there or not positive.
std::optional<MessageId> read_message_id(const json::object& message) {
    const auto id = id_in(message, "message_id");
    return id && *id > 0 ? std::optional(MessageId(*id)) : std::nullopt;
}

/// The text; with media, the words beside it. Nothing when there is one that is too long to be
/// true.
std::optional<std::string> read_text(const json::object& message) {
    for (const auto* name : {"text", "caption"})
        if (message.contains(name)) return text_in(message, name, longest_text);
    return std::string();
}

bool is_forwarded(const json::object& message) {
    return message.contains("forward_origin") || message.contains("forward_date") ||
           message.contains("forward_from") || flag_in(message, "is_automatic_forward");
}

/// A thread that is no topic of a forum is only a chain of replies.
std::optional<MessageId> read_topic(const json::object& message) {
    if (!flag_in(message, "is_topic_message")) return std::nullopt;
    const auto id = id_in(message, "message_thread_id");
    return id && *id > 0 ? std::optional(MessageId(*id)) : std::nullopt;
}

void read_reply_to(const json::object& message, BotId bot, IncomingMessage& into) {
    const auto* answered = object_in(message, "reply_to_message");
    // In a forum every message "answers" the service message that opened its topic.
    if (answered == nullptr || answered->contains("forum_topic_created")) return;
    into.reply_to = read_message_id(*answered);
    if (!into.reply_to) return;
    into.reply_to_text = read_text(*answered).value_or("");
    into.reply_to_media = read_media(*answered);
    const auto* author = object_in(*answered, "from");
    into.replies_to_bot = author != nullptr && id_in(*author, "id") == bot.value();
}

std::optional<IncomingMessage> read_message(const json::object& object, BotId bot) {
    constexpr std::int64_t latest = std::int64_t{1} << 33;
    const auto id = read_message_id(object);
    const auto chat = read_chat(object_in(object, "chat"));
    const auto date = integer_in(object, "date");
    auto text = read_text(object);
    if (!id || !chat || !date || *date < 0 || *date > latest || !text) return std::nullopt;
    IncomingMessage message;
    message.id = *id;
    message.chat = *chat;
    message.date = Time(std::chrono::seconds(*date));
    message.text = std::move(*text);
    message.media = read_media(object);
    message.forwarded = is_forwarded(object);
    message.topic = read_topic(object);
    // For a chat that speaks as itself `from` only names a stand-in account.
    const auto* from = object_in(object, "from");
    if (from != nullptr && !object.contains("sender_chat")) {
        message.from = read_user(*from);
        if (!message.from) return std::nullopt;
    }
    read_reply_to(object, bot, message);
    return message;
}

std::optional<CallbackQuery> read_query(const json::object& object) {
    const auto id = text_in(object, "id", longest_name);
    const auto* from = object_in(object, "from");
    auto user = from == nullptr ? std::nullopt : read_user(*from);
    if (!id || id->empty() || !user) return std::nullopt;
    CallbackQuery query;
    query.id = *id;
    query.from = std::move(*user);
    // Longer data is not from a button of ours: an empty one is answered like any unknown one.
    query.data = text_in(object, "data", longest_query_data).value_or("");
    const auto* message = object_in(object, "message");
    if (message != nullptr) {
        query.chat = read_chat(object_in(*message, "chat"));
        query.message = read_message_id(*message);
        query.topic = read_topic(*message);
    }
    return query;
}

void fill(Update& update, const json::object& object, BotId bot) {
    bool known = true;
    if (const auto* message = object.if_contains("message")) {
        auto read = message->is_object() ? read_message(message->get_object(), bot) : std::nullopt;
        if (read) update.content = std::move(*read);
    } else if (const auto* query = object.if_contains("callback_query")) {
        auto read = query->is_object() ? read_query(query->get_object()) : std::nullopt;
        if (read) update.content = std::move(*read);
    } else {
        known = false;
    }
    if (known && std::holds_alternative<std::monostate>(update.content))
        log::warning("an update cannot be read and is passed over", {{"update_id", update.id}});
}

}  // namespace

std::optional<Update> read_update(const json::value& value, BotId bot) {
    const auto* object = value.if_object();
    const auto id = object == nullptr ? std::nullopt : integer_in(*object, "update_id");
    constexpr std::int64_t limit = std::int64_t{1} << 52;
    if (!id || *id < 0 || *id >= limit) return std::nullopt;
    Update update;
    update.id = UpdateId(*id);
    fill(update, *object, bot);
    return update;
}

Outcome<std::vector<Update>> read_updates(const json::value& result, BotId bot) {
    const auto* entries = result.if_array();
    if (entries == nullptr) return unreadable("list of updates");
    std::vector<Update> updates;
    updates.reserve(entries->size());
    for (const auto& entry : *entries) {
        auto update = read_update(entry, bot);
        if (!update) {
            auto error = unreadable("update_id");
            error.failure = Failure::unreadable;
            return error;
        }
        updates.push_back(std::move(*update));
    }
    return updates;
}

}  // namespace mlbilling::telegram
