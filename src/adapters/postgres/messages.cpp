#include "adapters/postgres/messages.hpp"

#include "adapters/stored_documents/button_kinds.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<void> note_topic(Session& session, ChatId chat, MessageId message, MessageId topic) {
    co_await session.run(R"(
        INSERT INTO topics (chat_id, message_id, topic_id, noted_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (chat_id, message_id)
        DO UPDATE SET topic_id = excluded.topic_id, noted_at = excluded.noted_at)",
                         chat, message, topic, session.now);
}

Async<std::optional<MessageId>> topic_of(Database& database, ChatId chat, MessageId message) {
    auto row = co_await database.execute(
        "SELECT topic_id FROM topics WHERE chat_id = $1 AND message_id = $2",
        Parameters::of(chat, message), Access::read);
    if (!row.next()) co_return std::nullopt;
    co_return row.read<MessageId>();
}

Async<void> set_buttons(Session& session, ChatId chat, MessageId message,
                        std::optional<OwnedMessage> owned) {
    if (!owned) {
        co_await session.run("DELETE FROM button_messages WHERE chat_id = $1 AND message_id = $2",
                             chat, message);
        co_return;
    }
    co_await session.run(R"(
        INSERT INTO button_messages (chat_id, message_id, kind, telegram_id, noted_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (chat_id, message_id)
        DO UPDATE SET kind = excluded.kind, telegram_id = excluded.telegram_id,
                      noted_at = excluded.noted_at)",
                         chat, message, to_string(owned->kind), owned->owner, session.now);
}

Async<std::optional<OwnedMessage>> buttons_of(Database& database, ChatId chat, MessageId message) {
    auto row = co_await database.execute(R"(
        SELECT kind, telegram_id FROM button_messages WHERE chat_id = $1 AND message_id = $2)",
                                         Parameters::of(chat, message), Access::read);
    if (!row.next()) co_return std::nullopt;
    const auto kind = row.read_name(parse_button_message);
    co_return OwnedMessage{kind, row.read<TelegramId>()};
}

Async<int> forget_messages(Session& session, Time before, int limit) {
    const int topics = co_await session.run(R"(
        DELETE FROM topics WHERE ctid IN (
            SELECT ctid FROM topics WHERE noted_at < $1
             ORDER BY noted_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                            before, limit);
    const int buttons = co_await session.run(R"(
        DELETE FROM button_messages WHERE ctid IN (
            SELECT ctid FROM button_messages WHERE noted_at < $1
             ORDER BY noted_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                             before, limit);
    co_return topics + buttons;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
