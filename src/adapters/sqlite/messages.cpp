#include "adapters/sqlite/messages.hpp"

#include "adapters/stored_documents/button_kinds.hpp"

namespace mlbilling::sqlite {

void note_topic(Session& session, ChatId chat, MessageId message, MessageId topic) {
    session.database.run(R"(
        INSERT INTO topics (chat_id, message_id, topic_id, noted_at) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET topic_id = excluded.topic_id, noted_at = excluded.noted_at)",
                         chat, message, topic, session.now);
}

std::optional<MessageId> topic_of(Session& session, ChatId chat, MessageId message) {
    auto row = session.database.query(
        "SELECT topic_id FROM topics WHERE chat_id = ? AND message_id = ?", chat, message);
    if (!row.next()) return std::nullopt;
    return row.read<MessageId>();
}

void set_buttons(Session& session, ChatId chat, MessageId message,
                 const std::optional<OwnedMessage>& owned) {
    if (!owned) {
        session.database.run("DELETE FROM button_messages WHERE chat_id = ? AND message_id = ?",
                             chat, message);
        return;
    }
    session.database.run(R"(
        INSERT INTO button_messages (chat_id, message_id, kind, telegram_id, noted_at)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET kind = excluded.kind, telegram_id = excluded.telegram_id,
                                  noted_at = excluded.noted_at)",
                         chat, message, to_string(owned->kind), owned->owner, session.now);
}

std::optional<OwnedMessage> buttons_of(Session& session, ChatId chat, MessageId message) {
    auto row = session.database.query(
        "SELECT kind, telegram_id FROM button_messages WHERE chat_id = ? AND message_id = ?", chat,
        message);
    if (!row.next()) return std::nullopt;
    const auto kind = row.read_name(parse_button_message);
    return OwnedMessage{kind, row.read<TelegramId>()};
}

int forget_messages(Session& session, Time before, int limit) {
    const int topics = session.database.run(R"(
        DELETE FROM topics WHERE (chat_id, message_id) IN (
            SELECT chat_id, message_id FROM topics WHERE noted_at < ? ORDER BY noted_at LIMIT ?))",
                                            before, limit);
    const int buttons = session.database.run(R"(
        DELETE FROM button_messages WHERE (chat_id, message_id) IN (
            SELECT chat_id, message_id FROM button_messages WHERE noted_at < ?
             ORDER BY noted_at LIMIT ?))",
                                             before, limit);
    return topics + buttons;
}

}  // namespace mlbilling::sqlite
