#include "adapters/postgres/one_task.hpp"

#include "adapters/postgres/book.hpp"
#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/stored_documents/documents.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// How long the caller of an operation has to publish the row that the operation has written.
constexpr Duration callers_claim{30'000};

constexpr std::string_view name_of(OutboxRecord::Kind kind) {
    return kind == OutboxRecord::Kind::task ? "task" : "reply";
}

void insert_task(Session& session, const TaskRecord& task, const Origin& origin) {
    std::optional<ChatId> chat;
    std::optional<MessageId> message;
    if (task.place) {
        chat = task.place->chat;
        message = task.place->message;
    }
    std::optional<TaskId> request;
    if (origin.request != task.id) request = origin.request;
    session.send(R"(
        INSERT INTO tasks (id, user_id, type, status, created_at, price_id, units_claimed, deadline_at,
                           reply_to, chat_id, message_id, status_message_id, payload, bot_id,
                           request_id)
        VALUES ($1, $2, $3, 'created', $4, $5, $6, $7, $8, $9, $10, $11, $12::json, $13, $14))",
                 task.id, task.user, to_string(task.type), session.now, task.price.id,
                 task.units_claimed, task.deadline_at, task.reply_to, chat, message,
                 task.status_message, column_of(to_json(task.payload)), origin.bot, request);
}

void remove_from_queues(Session& session, const TaskId& task) {
    session.send("DELETE FROM outbox WHERE task_id = $1 AND kind = 'task'", task);
    session.send("DELETE FROM leases WHERE task_id = $1", task);
}

constexpr Sql task_by_id = "SELECT * FROM task_records WHERE id = $1";

std::optional<TaskRecord> task_in(Rows row) {
    if (!row.next()) return std::nullopt;
    return read_task(row);
}

}  // namespace

Async<std::optional<TaskRecord>> find_task(Session& session, const TaskId& id) {
    co_return task_in(co_await session.query(task_by_id, id));
}

Async<std::optional<TaskRecord>> read_task_of(Database& database, TaskId id) {
    co_return task_in(co_await database.execute(task_by_id, Parameters::of(id), Access::read));
}

Async<std::optional<TaskRecord>> lock_task(Session& session, const TaskId& id) {
    // Each statement sees what was committed before it began, so the last one reads what is locked.
    session.send("SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE", id);
    session.send("SELECT 1 FROM holds WHERE task_id = $1 FOR UPDATE", id);
    co_return co_await find_task(session, id);
}

Async<std::optional<NewTask>> create_task(Session& session, const TaskRecord& task,
                                          const Origin& origin, Credits price) {
    const auto account = co_await open_hold(session, task.user, task.id, price);
    if (!account) co_return std::nullopt;
    insert_task(session, task, origin);
    auto created = co_await find_task(session, task.id);
    CHECK(created.has_value());
    auto outbox =
        co_await put_in_outbox(session, OutboxRecord::Kind::task, *created, Publisher::caller);
    co_return NewTask{*std::move(created), *account, std::move(outbox)};
}

Async<void> end_task(Session& session, const TaskRecord& task, TaskEvent event,
                     FailureReason reason) {
    const auto transition = next(task.status, event);
    CHECK(transition.has_value());
    CHECK(transition->hold == HoldState::released);
    co_await release_hold(session, task);
    const int changed =
        co_await session.run(R"(
        UPDATE tasks SET status = $1, failure = $2, cost = 0, finished_at = $3, leased_until = NULL,
                         next_attempt_at = NULL, operation = ''
         WHERE id = $4 AND status = $5 AND epoch = $6)",
                             to_string(transition->status), to_string(reason), session.now, task.id,
                             to_string(task.status), task.epoch);
    CHECK(changed == 1);
    remove_from_queues(session, task.id);
}

Async<void> put_back(Session& session, const TaskRecord& task) {
    const auto transition = next(task.status, TaskEvent::settle_retry);
    CHECK(transition.has_value());
    const int changed = co_await session.run(R"(
        UPDATE tasks SET status = $1, leased_until = NULL, next_attempt_at = NULL
         WHERE id = $2 AND status = $3 AND epoch = $4)",
                                             to_string(transition->status), task.id,
                                             to_string(task.status), task.epoch);
    CHECK(changed == 1);
    session.send("DELETE FROM leases WHERE task_id = $1", task.id);
    co_await put_in_outbox(session, OutboxRecord::Kind::task, task, Publisher::relay);
}

Async<OutboxRecord> put_in_outbox(Session& session, OutboxRecord::Kind kind, const TaskRecord& task,
                                  Publisher publisher) {
    const bool claimed = publisher == Publisher::caller;
    // An older row gets a new id, so that a late mark of it does not hit the new one. The turn is
    // one after the user's last, but not before the turn that is being served: a newcomer waits for
    // nobody's whole backlog.
    auto row = co_await session.query(
        R"(
        INSERT INTO outbox (kind, task_id, user_id, state, due_at, deadline_at, created_at, turn)
        VALUES ($1, $2, $3, $4, $5, $6, $7,
                greatest((SELECT max(turn) + 1 FROM outbox WHERE user_id = $3 AND state <> 'published'),
                         (SELECT min(turn) FROM outbox WHERE state = 'ready'), 1))
        ON CONFLICT (task_id, kind) DO UPDATE
           SET id = DEFAULT, state = excluded.state, due_at = excluded.due_at,
               created_at = excluded.created_at, turn = excluded.turn
        RETURNING id)",
        name_of(kind), task.id, task.user, claimed ? "claimed" : "ready",
        claimed ? session.now + callers_claim : session.now, task.deadline_at, session.now);
    CHECK(row.next());
    const auto id = row.read<OutboxId>();
    co_return OutboxRecord{id, kind, task};
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
