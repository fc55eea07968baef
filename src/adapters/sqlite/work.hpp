#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::sqlite {

/// WorkStore, each within the caller's transaction.
LeaseOutcome lease(Session& session, const TaskId& task, const std::string& worker,
                   Duration lease_for);
bool extend_lease(Session& session, const TaskId& task, Epoch epoch, Duration lease_for);
bool record_operation(Session& session, const TaskId& task, Epoch epoch,
                      const std::string& operation);
AdjustOutcome adjust_hold(Session& session, const TaskId& task, Epoch epoch, Units measured,
                          Credits price);
std::optional<TaskResult> find_cached(Session& session, const std::string& cache_key);
SettleOutcome complete(Session& session, const Completion& completion);
SettleOutcome fail(Session& session, const TaskId& task, Epoch epoch, FailureReason reason,
                   std::optional<Units> measured, const Spending& spending);
SettleOutcome retry(Session& session, const TaskId& task, Epoch epoch, Time next_attempt_at,
                    const Spending& spending);
SettleOutcome await_operation(Session& session, const TaskId& task, Epoch epoch,
                              Time next_attempt_at, const Spending& spending);
SettleOutcome await_turn(Session& session, const TurnAwaited& wait);

}  // namespace mlbilling::sqlite
