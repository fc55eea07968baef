#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/records.hpp"

namespace mlbilling::sqlite {

/// Who was asked for a task, and what the request is called outside.
struct Origin {
    /// Absent: another producer asked.
    std::optional<BotId> bot;
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
std::optional<NewTask> create_task(Session& session, const TaskRecord& task, const Origin& origin,
                                   Credits price);

/// Ends the task without a charge, as `event` says, and returns it as it stands. Who is told is the
/// caller's to decide. CHECKs that the event is allowed.
TaskRecord end_task(Session& session, const TaskRecord& task, TaskEvent event, FailureReason reason,
                    std::optional<Units> measured);

/// Puts a running task back to wait for its next attempt; its hold stays. CHECKs that it is
/// running.
TaskRecord put_back(Session& session, const TaskRecord& task, std::optional<Time> next_attempt_at);

}  // namespace mlbilling::sqlite
