#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::postgres {

/// WorkStore between the lease and the end, each one statement and one round trip.
Async<bool> extend_lease(Database& database, TaskId task, Epoch epoch, Duration lease_for);
Async<bool> record_operation(Database& database, TaskId task, Epoch epoch, std::string operation);
Async<AdjustOutcome> adjust_hold(Database& database, TaskId task, Epoch epoch, Units measured,
                                 Credits price);

}  // namespace mlbilling::postgres
