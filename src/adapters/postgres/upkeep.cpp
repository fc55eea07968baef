#include "adapters/postgres/upkeep.hpp"

#include "adapters/postgres/messages.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/postgres/refusals.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/undelivered.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

Async<std::vector<TaskRecord>> read_locked(Session& session, Rows row) {
    std::vector<TaskId> ids;
    while (row.next()) ids.push_back(row.read<TaskId>());
    Parameters parameters;
    parameters.add_array(ids, [](const TaskId& id) { return id; });
    // By user, because balances are locked in the order of their users.
    auto records = co_await session.query_with(
        "SELECT * FROM task_records WHERE id = ANY ($1) ORDER BY user_id, id", parameters);
    std::vector<TaskRecord> tasks;
    while (records.next()) tasks.push_back(read_task(records));
    co_return tasks;
}

Async<std::vector<TaskRecord>> lock_expired_leases(Session& session, int limit) {
    auto rows = co_await session.query(R"(
        SELECT t.id FROM leases l JOIN tasks t ON t.id = l.task_id JOIN holds h ON h.task_id = t.id
         WHERE t.status = 'processing' AND t.leased_until <= $1
         ORDER BY t.leased_until LIMIT $2 FOR UPDATE OF h, t SKIP LOCKED)",
                                       session.now, limit);
    co_return co_await read_locked(session, std::move(rows));
}

Async<std::vector<TaskRecord>> lock_past_deadline(Session& session, int limit) {
    auto rows = co_await session.query(R"(
        SELECT t.id FROM outbox o JOIN tasks t ON t.id = o.task_id JOIN holds h ON h.task_id = t.id
         WHERE o.kind = 'task' AND o.deadline_at <= $1 AND t.status = 'created'
         ORDER BY o.deadline_at LIMIT $2 FOR UPDATE OF h, t SKIP LOCKED)",
                                       session.now, limit);
    co_return co_await read_locked(session, std::move(rows));
}

Async<void> mend_lease(Session& session, const TaskRecord& task, int max_attempts,
                       SweepReport& report) {
    if (task.attempt < max_attempts && session.now < task.deadline_at) {
        co_await put_back(session, task);
        ++report.leases_expired;
        co_return;
    }
    co_await end_task(session, task, TaskEvent::settle_failed, FailureReason::provider_failed);
    co_await owe_result(session, task);
    ++report.tasks_failed;
}

Async<SweepReport> mend_leases(Session& session, SweepPolicy policy) {
    SweepReport report;
    const auto tasks = co_await lock_expired_leases(session, policy.batch);
    for (const auto& task : tasks) co_await mend_lease(session, task, policy.max_attempts, report);
    co_return report;
}

Async<int> expire_tasks(Session& session, int limit) {
    const auto tasks = co_await lock_past_deadline(session, limit);
    for (const auto& task : tasks) {
        co_await end_task(session, task, TaskEvent::expire, FailureReason::expired);
        co_await owe_result(session, task);
    }
    co_return static_cast<int>(tasks.size());
}

Async<SweepReport> mend_queues(Session& session, SweepPolicy policy) {
    SweepReport report;
    report.tasks_republished =
        co_await session.run(R"(
        UPDATE outbox SET state = 'ready', due_at = $1
         WHERE id IN (SELECT id FROM outbox WHERE state = 'published' AND due_at <= $2
                       ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED))",
                             session.now, session.now - policy.republish_after, policy.batch);
    report.retries_due = co_await session.run(R"(
        UPDATE outbox SET state = 'ready'
         WHERE id IN (SELECT id FROM outbox WHERE state = 'later' AND due_at <= $1
                       ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                              session.now, policy.batch);
    report.deliveries_unknown = co_await mark_unknown(session, policy.batch);
    co_return report;
}

Async<int> fold_bookings(Session& session) {
    co_return co_await session.run("SELECT fold_bookings()");
}

Async<int> give_owed_grants(Session& session, int limit) {
    auto row = co_await session.query("SELECT give_owed_grants($1, $2)", session.now, limit);
    CHECK(row.next());
    co_return row.read<int>();
}

Async<int> forget(Session& session, SweepPolicy policy) {
    const int updates = co_await session.run(R"(
        DELETE FROM inbox WHERE ctid IN (
            SELECT ctid FROM inbox WHERE received_at < $1
             ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                             session.now - policy.keep_inbox, policy.batch);
    const int proposals = co_await session.run(R"(
        DELETE FROM proposals WHERE id IN (
            SELECT id FROM proposals WHERE created_at < $1
             ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                               session.now - policy.keep_proposals, policy.batch);
    const int results = co_await session.run(R"(
        DELETE FROM cached_results WHERE key IN (
            SELECT key FROM cached_results WHERE created_at < $1
             ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))",
                                             session.now - policy.keep_cache, policy.batch);
    const int messages =
        co_await forget_messages(session, session.now - policy.keep_messages, policy.batch);
    co_return updates + proposals + results + messages;
}

}  // namespace

Async<SweepReport> sweep(Database& database, SweepPolicy policy) {
    CHECK(policy.batch >= 0);
    auto report = co_await database.transact(
        Access::write, [policy](Session& session) { return mend_leases(session, policy); });
    report.tasks_expired = co_await database.transact(
        Access::write,
        [limit = policy.batch](Session& session) { return expire_tasks(session, limit); });
    const auto queues = co_await database.transact(
        Access::relaxed_write, [policy](Session& session) { return mend_queues(session, policy); });
    report.tasks_republished = queues.tasks_republished;
    report.retries_due = queues.retries_due;
    report.deliveries_unknown = queues.deliveries_unknown;
    const auto vain = co_await database.transact(Access::write, [policy](Session& session) {
        return refund_kept(session, session.now - policy.keep_refused, policy.batch);
    });
    report.refused_refunded = vain.refunds;
    report.credits_refunded = vain.credits;
    report.grants_given = co_await database.transact(
        Access::write,
        [limit = policy.batch](Session& session) { return give_owed_grants(session, limit); });
    co_await database.transact(Access::relaxed_write,
                               [](Session& session) { return fold_bookings(session); });
    report.rows_forgotten = co_await database.transact(
        Access::relaxed_write, [policy](Session& session) { return forget(session, policy); });
    co_return report;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
