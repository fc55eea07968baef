#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::postgres {

/// WorkStore between the lease and the end; but for the last two, each is one statement and one
/// round trip.
Async<bool> extend_lease(Database& database, TaskId task, Epoch epoch, Duration lease_for);
Async<bool> record_operation(Database& database, TaskId task, Epoch epoch, std::string operation);
Async<AdjustOutcome> adjust_hold(Database& database, TaskId task, Epoch epoch, Units measured,
                                 Credits price);
/// Settles as WorkStore::retry does and takes back the attempt.
Async<SettleOutcome> await_operation(Session& session, const TaskId& task, Epoch epoch,
                                     Time next_attempt_at, const Spending& spending);
Async<SettleOutcome> await_turn(Session& session, const TurnAwaited& wait);

}  // namespace mlbilling::postgres
