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
/// The newest row that can be seen, and the first transaction that may not have ended then.
struct LedgerEnd {
    std::int64_t id = 0;
    std::string unfinished;
};
Async<LedgerEnd> ledger_end(Session& session);
/// Whether every transaction before that one has ended.
Async<bool> all_ended_before(Session& session, std::string unfinished);
Async<std::vector<TransactionRecord>> ledger_rows(Session& session, std::int64_t after,
                                                  std::int64_t last, int limit);
Async<std::vector<TaskId>> newest_tasks(Session& session, std::optional<TelegramId> user,
                                        int limit);
Async<Statistics> statistics(Session& session);
/// Every invariant of the ledger, in the snapshot of the session's transaction.
Async<std::vector<Violation>> verify(Session& session);

}  // namespace mlbilling::postgres
