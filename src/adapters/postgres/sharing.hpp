#pragma once

#include "adapters/postgres/database.hpp"
#include "base/ids.hpp"
#include "ports/quotas.hpp"

namespace mlbilling::postgres {

/// PollLeaseStore, each within the caller's transaction.
Async<bool> hold_poll_lease(Session& session, BotId bot, const std::string& holder, Duration lease);
Async<void> release_poll_lease(Session& session, BotId bot, const std::string& holder);

/// Quotas: one statement and one round trip.
Async<Duration> reserve(Database& database, std::string name, QuotaRate rate, int count);
Async<Duration> take_turn(Database& database, QuotaTurn turn);
Async<void> give_back_turn(Database& database, std::string quota, std::string holder);

}  // namespace mlbilling::postgres
