#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::postgres {

/// DeliveryStore::refuse, within the caller's transaction. What is kept is offered by the function
/// mark_parts_sent.
Async<RefusalOutcome> refuse(Session& session, DeliveryId id, Epoch claim, const std::string& why,
                             bool by_user);

/// Pays back what was kept in vain: results of tasks that ended before `before`.
struct KeptInVain {
    int refunds = 0;
    Credits credits;
};
Async<KeptInVain> refund_kept(Session& session, Time before, int limit);

}  // namespace mlbilling::postgres
