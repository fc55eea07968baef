#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::sqlite {

/// DeliveryStore::refuse.
RefusalOutcome refuse(Session& session, DeliveryId id, Epoch claim, const std::string& why,
                      bool by_user);

/// Something has reached the delivery's chat: what its user had refused is offered there, if it is
/// their private chat.
void offer_kept(Session& session, DeliveryId id);

/// Pays back what was kept in vain: results of tasks that ended before `before`.
struct KeptInVain {
    int refunds = 0;
    Credits credits;
};
KeptInVain refund_kept(Session& session, Time before, int limit);

}  // namespace mlbilling::sqlite
