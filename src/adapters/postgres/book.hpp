#pragma once

#include <optional>

#include "adapters/postgres/session.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::postgres {

/// What changes a balance, a hold or the ledger outside the batches. What these functions decide is
/// decided by domain/ledger.hpp, on a row of balances that stays locked until the commit. A hold's
/// row is locked before its user's (design.md, One task's life).

/// Whether the key is in the ledger already.
Async<bool> is_booked(Session& session, const IdempotencyKey& key);
/// Adds the entry to the ledger and the balance; nothing when the balance does not allow it. CHECKs
/// that its sign fits its type. A key that another transaction books at the same time makes this
/// one start again.
Async<std::optional<TransactionRecord>> book(Session& session, const Entry& entry);

/// Holds the price for a new task; nothing when that much is not available.
Async<std::optional<Account>> open_hold(Session& session, UserId user, const TaskId& task,
                                        Credits price);
/// Ends the task's open hold by returning it. CHECKs that it is open.
Async<void> release_hold(Session& session, const TaskRecord& task);

}  // namespace mlbilling::postgres
