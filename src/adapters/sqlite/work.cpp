#include "adapters/sqlite/work.hpp"

#include <algorithm>

#include "adapters/sqlite/book.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/tasks.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

namespace mlbilling::sqlite {
namespace {

bool may_be_leased(const TaskRecord& task, Time now) {
    if (!next(task.status, TaskEvent::lease) || now >= task.deadline_at) return false;
    if (task.status == TaskStatus::created)
        return !task.next_attempt_at || *task.next_attempt_at <= now;
    CHECK(task.leased_until.has_value());
    return *task.leased_until <= now;
}

/// The task if it runs under this epoch. A lease that ran out is still ours until another takes it.
std::optional<TaskRecord> find_running(Session& session, const TaskId& id, Epoch epoch) {
    auto task = find_task(session, id);
    if (!task || task->status != TaskStatus::processing || task->epoch != epoch)
        return std::nullopt;
    return task;
}

TaskRecord write_completion(Session& session, const Completion& completion) {
    const int changed = session.database.run(
        R"(
        UPDATE tasks SET status = ?, cost = ?, units_measured = ?, cached = ?, result = ?,
                         finished_at = ?, leased_until = NULL, operation = ''
         WHERE id = ? AND status = 'processing' AND epoch = ?)",
        to_string(TaskStatus::completed), completion.charge, completion.measured, completion.cached,
        to_json(completion.result), session.now, completion.task, completion.epoch);
    CHECK(changed == 1);
    return read_task(session, completion.task);
}

/// The task runs under the caller's epoch: what it spent is ours to write.
void write_spending(Session& session, const TaskId& id, const Spending& spending) {
    if (spending.provider.empty()) return;
    session.database.run(
        "UPDATE tasks SET provider = ?, provider_cost = provider_cost + ? WHERE id = ?",
        spending.provider, spending.cost, id);
}

void keep_result(Session& session, const Completion& completion) {
    // An answer from the cache is as old as the one that it repeats.
    if (completion.cache_key.empty() || completion.cached) return;
    session.database.run(R"(
        INSERT INTO cached_results (key, result, created_at) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET result = excluded.result, created_at = excluded.created_at)",
                         completion.cache_key, to_json(completion.result), session.now);
}

/// Asks whether the task that has just ended may run at the price of what was measured.
void propose_again(Session& session, const TaskRecord& ended, Units measured) {
    propose(session, {.profile = read_profile(session, ended.user),
                      .type = ended.type,
                      .payload = ended.payload,
                      .units = measured,
                      .price = ended.price,
                      .place = *ended.place,
                      .task = ended.id});
}

}  // namespace

LeaseOutcome lease(Session& session, const TaskId& id, const std::string& worker,
                   Duration lease_for) {
    auto task = find_task(session, id);
    if (!task || !may_be_leased(*task, session.now)) return NotLeased{std::move(task)};
    std::string operation;
    {
        auto row = session.database.query(R"(
            UPDATE tasks SET status = 'processing', attempt = attempt + 1, epoch = epoch + 1,
                             worker = ?, leased_until = ?, next_attempt_at = NULL
             WHERE id = ? AND status = ? AND epoch = ? RETURNING operation)",
                                          worker, session.now + lease_for, id,
                                          to_string(task->status), task->epoch);
        CHECK(row.next());
        operation = row.read<std::string>();
    }
    remove_from_outbox(session, id);
    return Leased{read_task(session, id), std::move(operation)};
}

bool extend_lease(Session& session, const TaskId& task, Epoch epoch, Duration lease_for) {
    return session.database.run(R"(
        UPDATE tasks SET leased_until = ? WHERE id = ? AND epoch = ? AND status = 'processing')",
                                session.now + lease_for, task, epoch) == 1;
}

bool record_operation(Session& session, const TaskId& task, Epoch epoch,
                      const std::string& operation) {
    return session.database.run(
               "UPDATE tasks SET operation = ? WHERE id = ? AND epoch = ? AND status = "
               "'processing'",
               operation, task, epoch) == 1;
}

AdjustOutcome adjust_hold(Session& session, const TaskId& id, Epoch epoch, Units measured,
                          Credits price) {
    const auto task = find_running(session, id, epoch);
    if (!task) return Fenced{};
    const auto account = change_hold(session, *task, price);
    if (!account) return Insufficient{price, read_account(session, task->user), std::nullopt};
    session.database.run("UPDATE tasks SET units_measured = ? WHERE id = ?", measured, id);
    return Adjusted{*account};
}

std::optional<TaskResult> find_cached(Session& session, const std::string& cache_key) {
    auto row = session.database.query("SELECT result FROM cached_results WHERE key = ?", cache_key);
    if (!row.next()) return std::nullopt;
    return result_from_json(row.read<std::string>());
}

SettleOutcome complete(Session& session, const Completion& completion) {
    const auto task = find_running(session, completion.task, completion.epoch);
    if (!task) return Fenced{};
    CHECK(next(task->status, TaskEvent::settle_completed).has_value());
    const auto account = charge_hold(session, *task, completion.charge);
    write_spending(session, completion.task, completion.spending);
    auto ended = write_completion(session, completion);
    keep_result(session, completion);
    auto reply = owe_result(session, ended, Outgoing::Who::caller);
    return Settled{std::move(ended), account, std::move(reply)};
}

SettleOutcome fail(Session& session, const TaskId& id, Epoch epoch, FailureReason reason,
                   std::optional<Units> measured, const Spending& spending) {
    const auto task = find_running(session, id, epoch);
    if (!task) return Fenced{};
    write_spending(session, id, spending);
    auto ended = end_task(session, *task, TaskEvent::settle_failed, reason, measured);
    const auto account = read_account(session, ended.user);
    if (reason == FailureReason::price_above_limit && measured && ended.place) {
        propose_again(session, ended, *measured);
        return Settled{std::move(ended), account, std::nullopt};
    }
    auto reply = owe_result(session, ended, Outgoing::Who::caller);
    return Settled{std::move(ended), account, std::move(reply)};
}

SettleOutcome retry(Session& session, const TaskId& id, Epoch epoch, Time next_attempt_at,
                    const Spending& spending) {
    const auto task = find_running(session, id, epoch);
    if (!task) return Fenced{};
    write_spending(session, id, spending);
    auto waiting = put_back(session, *task, next_attempt_at);
    return Settled{std::move(waiting), read_account(session, task->user), std::nullopt};
}

SettleOutcome await_operation(Session& session, const TaskId& id, Epoch epoch, Time next_attempt_at,
                              const Spending& spending) {
    if (!find_running(session, id, epoch)) return Fenced{};
    session.database.run("UPDATE tasks SET attempt = attempt - 1 WHERE id = ?", id);
    return retry(session, id, epoch, next_attempt_at, spending);
}

SettleOutcome await_turn(Session& session, const TurnAwaited& wait) {
    const auto task = find_running(session, wait.task, wait.epoch);
    if (!task) return Fenced{};
    const auto waits_for = std::max(Duration(0), wait.turn_at - session.now);
    session.database.run("UPDATE tasks SET deadline_at = ? WHERE id = ?",
                         task->deadline_at + waits_for, wait.task);
    if (task->place && wait.ready_at)
        owe(session, {.user = task->user,
                      .place = *task->place,
                      .edit = std::nullopt,
                      .notice = waits_for_turn(*wait.ready_at - session.now),
                      .task = std::nullopt});
    return await_operation(session, wait.task, wait.epoch, wait.turn_at, wait.spending);
}

}  // namespace mlbilling::sqlite
