#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::postgres {

/// WorkStore between the lease and the end, each within the caller's transaction.
Async<bool> extend_lease(Session& session, const TaskId& task, Epoch epoch, Duration lease_for);
Async<bool> record_operation(Session& session, const TaskId& task, Epoch epoch,
                             const std::string& operation);
Async<AdjustOutcome> adjust_hold(Session& session, const TaskId& task, Epoch epoch, Units measured,
                                 Credits price);
Async<SettleOutcome> await_operation(Session& session, const TaskId& task, Epoch epoch,
                                     Time next_attempt_at, const Spending& spending);

}  // namespace mlbilling::postgres
