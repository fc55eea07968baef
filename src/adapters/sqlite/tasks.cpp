#include "adapters/sqlite/tasks.hpp"

#include "adapters/sqlite/book.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/stored_documents/documents.hpp"

namespace mlbilling::sqlite {
namespace {

void insert_task(Session& session, const TaskRecord& task, const Origin& origin) {
    std::optional<ChatId> chat;
    std::optional<MessageId> message;
    if (task.place) {
        chat = task.place->chat;
        message = task.place->message;
    }
    std::optional<TaskId> request;
    if (origin.request != task.id) request = origin.request;
    session.database.run(R"(
        INSERT INTO tasks (id, user_id, type, status, created_at, price_id, units_claimed, deadline_at,
                           reply_to, chat_id, message_id, status_message_id, payload, bot_id,
                           request_id)
        VALUES (?, ?, ?, 'created', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                         task.id, task.user, to_string(task.type), session.now, task.price.id,
                         task.units_claimed, task.deadline_at, task.reply_to, chat, message,
                         task.status_message, to_json(task.payload), origin.bot, request);
}

}  // namespace

std::optional<NewTask> create_task(Session& session, const TaskRecord& task, const Origin& origin,
                                   Credits price) {
    if (!hold(read_account(session, task.user), price)) return std::nullopt;
    insert_task(session, task, origin);
    const auto account = open_hold(session, task.user, task.id, price);
    CHECK(account.has_value());
    auto created = read_task(session, task.id);
    auto outbox =
        put_in_outbox(session, OutboxRecord::Kind::task, created, {Outgoing::Who::caller, {}});
    return NewTask{std::move(created), *account, std::move(outbox)};
}

TaskRecord end_task(Session& session, const TaskRecord& task, TaskEvent event, FailureReason reason,
                    std::optional<Units> measured) {
    const auto transition = next(task.status, event);
    CHECK(transition.has_value());
    CHECK(transition->hold == HoldState::released);
    release_hold(session, task);
    const int changed = session.database.run(
        R"(
        UPDATE tasks SET status = ?, failure = ?, cost = 0, finished_at = ?, leased_until = NULL,
                         next_attempt_at = NULL, operation = '',
                         units_measured = coalesce(?, units_measured)
         WHERE id = ? AND status = ? AND epoch = ?)",
        to_string(transition->status), to_string(reason), session.now, measured, task.id,
        to_string(task.status), task.epoch);
    CHECK(changed == 1);
    remove_from_outbox(session, task.id);
    return read_task(session, task.id);
}

TaskRecord put_back(Session& session, const TaskRecord& task, std::optional<Time> next_attempt_at) {
    const auto transition = next(task.status, TaskEvent::settle_retry);
    CHECK(transition.has_value());
    const int changed = session.database.run(
        R"(
        UPDATE tasks SET status = ?, leased_until = NULL, next_attempt_at = ?
         WHERE id = ? AND status = ? AND epoch = ?)",
        to_string(transition->status), next_attempt_at, task.id, to_string(task.status),
        task.epoch);
    CHECK(changed == 1);
    auto waiting = read_task(session, task.id);
    const auto who = next_attempt_at ? Outgoing::Who::relay_later : Outgoing::Who::relay;
    put_in_outbox(session, OutboxRecord::Kind::task, waiting,
                  {who, next_attempt_at.value_or(session.now)});
    return waiting;
}

}  // namespace mlbilling::sqlite
