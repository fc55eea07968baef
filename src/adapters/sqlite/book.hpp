#pragma once

#include <optional>

#include "adapters/sqlite/session.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::sqlite {

/// The only functions that change a balance, a hold or the ledger. What they decide is decided by
/// domain/ledger.hpp.

Account read_account(Session& session, UserId user);

/// Whether the key is in the ledger already.
bool is_booked(Session& session, const IdempotencyKey& key);
/// Adds the entry to the ledger and the balance; nothing when the balance does not allow it. CHECKs
/// that its sign fits its type and that its key is new.
std::optional<TransactionRecord> book(Session& session, const Entry& entry);

/// Holds the price for a new task; nothing when that much is not available. The task's row must
/// exist.
std::optional<Account> open_hold(Session& session, UserId user, const TaskId& task, Credits price);
/// Changes what is held for a running task; nothing when that much is not available.
std::optional<Account> change_hold(Session& session, const TaskRecord& task, Credits price);

/// Ends the task's open hold by charging `charge` of it and returning the rest. CHECKs that it is
/// open.
Account charge_hold(Session& session, const TaskRecord& task, Credits charge);
/// Ends the task's open hold by returning it. CHECKs that it is open.
Account release_hold(Session& session, const TaskRecord& task);

}  // namespace mlbilling::sqlite
