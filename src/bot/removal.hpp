#pragma once

#include "ports/clock.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// Removes a message of the bot's, trying again a few times where that is safe (removing is
/// idempotent). A message that stays is logged: it is in the way, but nothing depends on it.
Async<void> remove_message(telegram::Api& telegram, Clock& clock, ChatId chat, MessageId message);

}  // namespace mlbilling::bot
