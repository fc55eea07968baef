#pragma once

#include <optional>

#include "adapters/sqlite/session.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::sqlite {

/// The task as it stands, or nothing.
std::optional<TaskRecord> find_task(Session& session, const TaskId& id);
/// The same for a task that is known to exist.
TaskRecord read_task(Session& session, const TaskId& id);

std::optional<Profile> find_profile(Session& session, TelegramId user);
Profile read_profile(Session& session, UserId user);

/// Reads columns id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from,
/// valid_until.
Price read_price(Query& row);
/// Reads columns id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key,
/// actor, reason, created_at.
TransactionRecord read_transaction(Query& row);

}  // namespace mlbilling::sqlite
