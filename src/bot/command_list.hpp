#pragma once

#include "bot/options.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Tells Telegram the commands that its menu shows, in every language; tries again until that has
/// worked.
Async<void> publish_commands(telegram::Api& telegram, Clock& clock, Event stop);

}  // namespace mlbilling::bot
