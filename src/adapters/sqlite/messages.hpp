#pragma once

#include <optional>

#include "adapters/sqlite/session.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::sqlite {

/// DeliveryStore for what is known of single messages.
void note_topic(Session& session, ChatId chat, MessageId message, MessageId topic);
std::optional<MessageId> topic_of(Session& session, ChatId chat, MessageId message);
void set_buttons(Session& session, ChatId chat, MessageId message,
                 const std::optional<OwnedMessage>& owned);
std::optional<OwnedMessage> buttons_of(Session& session, ChatId chat, MessageId message);

/// Forgets at most `limit` of each kind that were noted before; says how many.
int forget_messages(Session& session, Time before, int limit);

}  // namespace mlbilling::sqlite
