#pragma once

#include "adapters/postgres/session.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling::postgres {

/// OperatorStore, each within the caller's transaction.
Async<std::vector<Profile>> users(Session& session, int limit);
Async<BookingOutcome> correct(Session& session, const Correction& correction);
struct Refund {
    TaskId task;
    Credits amount;
    std::string actor;
    std::string reason;
    std::string request;
};
Async<BookingOutcome> refund(Session& session, const Refund& refund);
Async<bool> set_role(Session& session, TelegramId user, Role role, const std::string& actor);
Async<bool> cancel_task(Session& session, const TaskId& task);
Async<bool> retry_task(Session& session, const TaskId& task);

Async<std::optional<TaskStory>> story(Session& session, const TaskId& task);
Async<std::vector<DeliveryRecord>> failed_deliveries(Session& session, int limit);
Async<std::vector<TaskId>> newest_tasks(Session& session, std::optional<TelegramId> user,
                                        int limit);
Async<Statistics> statistics(Session& session);
/// Every invariant of the ledger, in the snapshot of the session's transaction.
Async<std::vector<Violation>> verify(Session& session);

}  // namespace mlbilling::postgres
