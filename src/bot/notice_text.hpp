#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bot/answer.hpp"
#include "bot/engine.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// A figure among the notice's facts; nothing when it is absent or no number.
std::optional<std::int64_t> figure(const Notice& notice, const char* name);
/// A word among the notice's facts, or empty.
std::string word(const Notice& notice, const char* name);

/// Welcome, help and balance, which name prices.
TextPart welcome_text(const ClaimedDelivery& delivery, const Engine& engine,
                      const std::vector<Price>& prices);
TextPart help_text(Language language, const Engine& engine, const std::vector<Price>& prices);
TextPart balance_text(Language language, const Account& account, const std::vector<Price>& prices);

/// All other notices but histories and results.
TextPart notice_text(const ClaimedDelivery& delivery, const Engine& engine);

}  // namespace mlbilling::bot
