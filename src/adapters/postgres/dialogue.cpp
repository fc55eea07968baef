#include "adapters/postgres/dialogue.hpp"

#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/senders.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

Async<std::optional<TaskId>> newest_not_started(Session& session, UserId user) {
    // A task that waits has its row in outbox.
    auto row = co_await session.query(R"(
        SELECT t.id FROM outbox o JOIN tasks t ON t.id = o.task_id
         WHERE o.user_id = $1 AND o.kind = 'task' AND t.status = 'created'
         ORDER BY t.number DESC LIMIT 1)",
                                      user);
    if (!row.next()) co_return std::nullopt;
    co_return row.read<TaskId>();
}

/// The user's task that is to be cancelled, locked, if it is theirs and has not started.
Async<std::optional<TaskRecord>> lock_cancellable(Session& session, UserId user,
                                                  std::optional<TaskId> id) {
    if (!id) id = co_await newest_not_started(session, user);
    if (!id) co_return std::nullopt;
    auto task = co_await lock_task(session, *id);
    if (!task || task->user != user || !next(task->status, TaskEvent::cancel))
        co_return std::nullopt;
    co_return task;
}

/// The answer that tells of the cancelled task.
Answer told(const TaskRecord& task, Answer due) {
    due.notice = {Notice::Kind::cancelled, {{"credits", std::to_string(task.held.value())}}};
    // Should the edited message be gone, the answer still finds what it is about.
    if (!due.place.message && task.place) due.place.message = task.place->message;
    if (task.place) due.task = task.id;
    return due;
}

}  // namespace

Async<AnswerOutcome> change_settings(Session& session, const IntakeStore::AnswerRequest& request,
                                     const SettingsChange& settings) {
    if (!co_await is_first_time(session, request.update)) co_return std::nullopt;
    const auto sender = co_await registered(session, request);
    change(session, sender.profile.id, settings);
    auto notice = request.notice;
    if (notice.kind == Notice::Kind::welcome && sender.granted > Credits(0))
        notice.facts["granted"] = std::to_string(sender.granted.value());
    const Answer due{.user = sender.profile.id,
                     .place = request.place,
                     .edit = request.edit,
                     .notice = std::move(notice),
                     .task = std::nullopt};
    co_return co_await owe(session, due);
}

Async<CancelOutcome> cancel(Session& session, const IntakeStore::AnswerRequest& request,
                            const std::optional<TaskId>& task) {
    if (!co_await is_first_time(session, request.update)) co_return CancelOutcome{};
    const auto sender = co_await registered(session, request);
    Answer due{.user = sender.profile.id,
               .place = request.place,
               .edit = request.edit,
               .notice = {Notice::Kind::not_cancellable, {}},
               .task = std::nullopt};
    const auto found = co_await lock_cancellable(session, sender.profile.id, task);
    if (!found) {
        // The result may have taken the message's place by now.
        due.edit.reset();
        const auto answer = co_await owe(session, due);
        co_return CancelOutcome{answer, std::nullopt};
    }
    co_await end_task(session, *found, TaskEvent::cancel, FailureReason::cancelled);
    // Another producer still waits for its reply; our own user is told by the notice.
    if (!found->place) co_await owe_result(session, *found);
    due = told(*found, std::move(due));
    const auto answer = co_await owe(session, due);
    co_return CancelOutcome{answer, found->id};
}

Async<std::vector<HistoryLine>> history(Session& session, TelegramId user,
                                        std::optional<std::int64_t> before, int limit) {
    CHECK(limit >= 0);
    auto row = co_await session.query(R"(
        SELECT x.id, x.user_id, x.amount, x.type, x.task_id, x.sequence, x.balance_after,
               x.idempotency_key, x.actor, x.reason, x.created_at, t.type, coalesce(t.provider, '')
          FROM transactions x LEFT JOIN tasks t ON t.id = x.task_id
         WHERE x.user_id = (SELECT id FROM users WHERE telegram_id = $1)
           AND ($2::bigint IS NULL OR x.id < $2)
         ORDER BY x.sequence DESC LIMIT $3)",
                                      user, before, limit);
    std::vector<HistoryLine> lines;
    while (row.next()) {
        HistoryLine line;
        line.transaction = read_transaction(row);
        if (const auto type = row.read<std::optional<std::string>>())
            line.type = parse_task_type(*type);
        line.provider = row.read<std::string>();
        lines.push_back(std::move(line));
    }
    co_return lines;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
