#pragma once

#include "adapters/postgres/session.hpp"
#include "base/ids.hpp"
#include "ports/quotas.hpp"

namespace mlbilling::postgres {

/// PollLeaseStore and Quotas, each within the caller's transaction.
Async<bool> hold_poll_lease(Session& session, BotId bot, const std::string& holder, Duration lease);
Async<void> release_poll_lease(Session& session, BotId bot, const std::string& holder);
Async<Duration> reserve(Session& session, const std::string& name, QuotaRate rate, int count);

}  // namespace mlbilling::postgres
