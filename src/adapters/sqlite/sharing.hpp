#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/quotas.hpp"
#include "ports/store/poll_lease.hpp"

namespace mlbilling::sqlite {

/// PollLeaseStore and Quotas, each within the caller's transaction.
bool hold_poll_lease(Session& session, BotId bot, const std::string& holder, Duration lease);
void release_poll_lease(Session& session, BotId bot, const std::string& holder);
Duration reserve(Session& session, const std::string& name, QuotaRate rate, int count);
Duration take_turn(Session& session, const QuotaTurn& turn);
void give_back_turn(Session& session, const std::string& quota, const std::string& holder);

}  // namespace mlbilling::sqlite
