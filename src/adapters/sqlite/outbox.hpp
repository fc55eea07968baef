#pragma once

#include <vector>

#include "adapters/sqlite/session.hpp"
#include "ports/store/outbox.hpp"

namespace mlbilling::sqlite {

/// Who publishes a new row: the caller, who has claimed it; any relay, at once; or a relay, when it
/// is due.
struct Outgoing {
    enum class Who { caller, relay, relay_later };
    Who who = Who::relay;
    /// relay_later only.
    Time due{};
};

/// Writes the task's row of that kind, in place of an older one.
OutboxRecord put_in_outbox(Session& session, OutboxRecord::Kind kind, const TaskRecord& task,
                           Outgoing outgoing);
/// Removes the row that asks for the task to be run.
void remove_from_outbox(Session& session, const TaskId& task);
/// Whether a message about the task has yet to reach the broker.
bool is_in_outbox(Session& session, const TaskId& task);

std::vector<OutboxRecord> take_outbox(Session& session, int limit, Duration claim_for);
void published(Session& session, const std::vector<OutboxId>& ids);
void not_published(Session& session, const std::vector<OutboxId>& ids);

/// Makes ready the retries that are due; says how many.
int make_due_retries_ready(Session& session);
/// Makes ready at most `limit` tasks that were published before `moment` and never leased.
int republish(Session& session, Time moment, int limit);

}  // namespace mlbilling::sqlite
