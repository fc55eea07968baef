#pragma once

#include "adapters/postgres/result.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::postgres {

/// How rows become records. Each reads its columns from the current one on.

/// The columns of the view task_records.
TaskRecord read_task(Rows& row);
/// The columns of the view user_profiles.
Profile read_profile(Rows& row);
/// The columns id, type, micro_credits_per_unit, min_credits, cached_percent, valid_from,
/// valid_until.
Price read_price(Rows& row);
/// The columns id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
/// reason, created_at.
TransactionRecord read_transaction(Rows& row);

}  // namespace mlbilling::postgres
