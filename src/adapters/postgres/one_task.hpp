#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::postgres {

/// One task at a time, for what happens seldom; what happens to many at once goes by batches.

/// The task as it stands, or nothing.
Async<std::optional<TaskRecord>> find_task(Session& session, const TaskId& id);
/// The same outside a transaction: one round trip.
Async<std::optional<TaskRecord>> read_task_of(Database& database, TaskId id);
/// The task, with its row and its hold locked until the commit, in this order.
Async<std::optional<TaskRecord>> lock_task(Session& session, const TaskId& id);

/// Who was asked for a task, and what the request is called outside.
struct Origin {
    BotId bot;
    TaskId request;
};

/// Writes a new task with its price held and its outbox row claimed by the caller. Nothing when
/// that much is not available; then nothing has changed. Takes id, user, type, payload,
/// units_claimed, price, reply_to, place, status_message and deadline_at from `task`.
struct NewTask {
    TaskRecord task;
    Account account;
    OutboxRecord outbox;
};
Async<std::optional<NewTask>> create_task(Session& session, const TaskRecord& task,
                                          const Origin& origin, Credits price);

/// Ends the task, which the caller has locked, without a charge, as `event` says. Who is told is
/// the caller's to decide. CHECKs that the event is allowed.
Async<void> end_task(Session& session, const TaskRecord& task, TaskEvent event,
                     FailureReason reason);

/// Puts a running task, which the caller has locked, back to wait for a worker at once; its hold
/// stays. CHECKs that it is running.
Async<void> put_back(Session& session, const TaskRecord& task);

/// Who publishes a new outbox row: the caller, who has claimed it, or any relay, at once.
enum class Publisher { caller, relay };
/// Writes the task's row of that kind, in place of an older one.
Async<OutboxRecord> put_in_outbox(Session& session, OutboxRecord::Kind kind, const TaskRecord& task,
                                  Publisher publisher);

}  // namespace mlbilling::postgres
