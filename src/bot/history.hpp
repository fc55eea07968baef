#pragma once

#include <vector>

#include "bot/answer.hpp"
#include "domain/user.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::bot {

/// Lines that one page of the history shows.
inline constexpr int history_page = 10;

/// A page of the ledger, newest first, each line with the balance after it and who did the work. A
/// full page has a button to the lines before it.
TextPart history_text(Language language, const std::vector<HistoryLine>& lines);

/// "23.11.2026 14:05", in UTC.
std::string moment_text(Time moment);

}  // namespace mlbilling::bot
