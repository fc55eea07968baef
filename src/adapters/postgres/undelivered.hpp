#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::postgres {

/// DeliveryStore for what is one statement and one round trip.
Async<bool> extend_claim(Database& database, DeliveryId id, Epoch claim, Duration claim_for);
Async<std::vector<DeliveryId>> due_deliveries(Database& database, int limit);

/// DeliveryStore for what does not go smoothly, each within the caller's transaction.
Async<bool> postpone(Session& session, DeliveryId id, Epoch claim, Time not_before);
Async<bool> ambiguous(Session& session, DeliveryId id, Epoch claim, Time not_before);
Async<bool> give_up(Session& session, DeliveryId id, Epoch claim, const std::string& why);
Async<void> move_chat(Session& session, ChatId from, ChatId to);

/// Gives up at most `limit` deliveries whose second attempt's claim ran out, and makes the notice
/// due that says so; says how many.
Async<int> mark_unknown(Session& session, int limit);

}  // namespace mlbilling::postgres
