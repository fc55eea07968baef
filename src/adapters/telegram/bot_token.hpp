#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace mlbilling::telegram {

/// The bot's id, which is the number before the colon. Nothing when the text is no token from
/// BotFather
/// (`123456:AAE…`, [A-Za-z0-9_-] after the colon).
std::optional<BotId> bot_id_of(std::string_view token);

/// The text with the token, and the secret part of it alone, replaced by `***`.
std::string without_token(std::string text, std::string_view token);

}  // namespace mlbilling::telegram
