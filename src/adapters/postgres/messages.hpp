#pragma once

#include <optional>

#include "adapters/postgres/database.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::postgres {

/// DeliveryStore for what is known of single messages.
Async<void> note_topic(Session& session, ChatId chat, MessageId message, MessageId topic);
Async<std::optional<MessageId>> topic_of(Database& database, ChatId chat, MessageId message);
Async<void> set_buttons(Session& session, ChatId chat, MessageId message,
                        std::optional<OwnedMessage> owned);
Async<std::optional<OwnedMessage>> buttons_of(Database& database, ChatId chat, MessageId message);

/// Forgets at most `limit` of each kind that were noted before; says how many.
Async<int> forget_messages(Session& session, Time before, int limit);

}  // namespace mlbilling::postgres
