#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling::sqlite {

/// OperatorStore, each within the caller's transaction.
std::vector<Profile> users(Session& session, int limit);
BookingOutcome correct(Session& session, const Correction& correction);
struct Refund {
    TaskId task;
    Credits amount;
    std::string actor;
    std::string reason;
    std::string request;
};
BookingOutcome refund(Session& session, const Refund& refund);
bool set_role(Session& session, TelegramId user, Role role, const std::string& actor);
bool cancel_task(Session& session, const TaskId& task);
bool retry_task(Session& session, const TaskId& task);

std::optional<TaskStory> story(Session& session, const TaskId& task);
std::vector<DeliveryRecord> failed_deliveries(Session& session, int limit);
std::int64_t ledger_end(Session& session);
std::vector<TransactionRecord> ledger_rows(Session& session, std::int64_t after, std::int64_t last,
                                           int limit);
std::vector<TaskId> newest_tasks(Session& session, std::optional<TelegramId> user, int limit);
Statistics statistics(Session& session);
std::vector<Violation> verify(Session& session);

}  // namespace mlbilling::sqlite
