#include "adapters/sqlite/upkeep.hpp"

#include "adapters/sqlite/deliveries.hpp"
#include "adapters/sqlite/grants.hpp"
#include "adapters/sqlite/messages.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/refusals.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/tasks.hpp"

namespace mlbilling::sqlite {
namespace {

std::vector<TaskId> expired_leases(Session& session, int limit) {
    auto row = session.database.query(R"(
        SELECT id FROM tasks WHERE status = 'processing' AND leased_until <= ?
         ORDER BY leased_until LIMIT ?)",
                                      session.now, limit);
    std::vector<TaskId> ids;
    while (row.next()) ids.push_back(row.read<TaskId>());
    return ids;
}

std::vector<TaskId> created_past_deadline(Session& session, int limit) {
    auto row = session.database.query(R"(
        SELECT id FROM tasks WHERE status = 'created' AND deadline_at <= ?
         ORDER BY deadline_at LIMIT ?)",
                                      session.now, limit);
    std::vector<TaskId> ids;
    while (row.next()) ids.push_back(row.read<TaskId>());
    return ids;
}

void mend_leases(Session& session, const SweepPolicy& policy, SweepReport& report) {
    for (const auto& id : expired_leases(session, policy.batch)) {
        const auto task = read_task(session, id);
        if (task.attempt < policy.max_attempts && session.now < task.deadline_at) {
            put_back(session, task, std::nullopt);
            ++report.leases_expired;
            continue;
        }
        const auto ended = end_task(session, task, TaskEvent::settle_failed,
                                    FailureReason::provider_failed, std::nullopt);
        owe_result(session, ended, Outgoing::Who::relay);
        ++report.tasks_failed;
    }
}

void expire_tasks(Session& session, const SweepPolicy& policy, SweepReport& report) {
    for (const auto& id : created_past_deadline(session, policy.batch)) {
        const auto ended = end_task(session, read_task(session, id), TaskEvent::expire,
                                    FailureReason::expired, std::nullopt);
        owe_result(session, ended, Outgoing::Who::relay);
        ++report.tasks_expired;
    }
}

/// Moves the totals of the bookings on to the newest.
void fold_bookings(Session& session) {
    auto row = session.database.query(R"(
        SELECT max(id) FROM transactions
         WHERE id > (SELECT up_to FROM booking_cursor WHERE only_row = 1))");
    CHECK(row.next());
    const auto last = row.read<std::optional<std::int64_t>>();
    if (!last) return;
    session.database.run(R"(
        INSERT INTO booking_totals (type, amount, starting_grants)
        SELECT type, sum(abs(amount)), sum(type = 'grant' AND reason = 'registration')
          FROM transactions
         WHERE id > (SELECT up_to FROM booking_cursor WHERE only_row = 1) AND id <= ? GROUP BY type
        ON CONFLICT (type) DO UPDATE
           SET amount = amount + excluded.amount,
               starting_grants = starting_grants + excluded.starting_grants)",
                         *last);
    session.database.run("UPDATE booking_cursor SET up_to = ? WHERE only_row = 1", *last);
}

int forget(Session& session, const SweepPolicy& policy) {
    const int updates = session.database.run(R"(
        DELETE FROM inbox WHERE (bot_id, update_id) IN (
            SELECT bot_id, update_id FROM inbox WHERE received_at < ? ORDER BY received_at LIMIT ?))",
                                             session.now - policy.keep_inbox, policy.batch);
    const int proposals = session.database.run(R"(
        DELETE FROM proposals WHERE id IN (
            SELECT id FROM proposals WHERE created_at < ? ORDER BY created_at LIMIT ?))",
                                               session.now - policy.keep_proposals, policy.batch);
    const int results = session.database.run(R"(
        DELETE FROM cached_results WHERE key IN (
            SELECT key FROM cached_results WHERE created_at < ? ORDER BY created_at LIMIT ?))",
                                             session.now - policy.keep_cache, policy.batch);
    const int messages = forget_messages(session, session.now - policy.keep_messages, policy.batch);
    return updates + proposals + results + messages;
}

}  // namespace

SweepReport sweep(Session& session, const SweepPolicy& policy) {
    CHECK(policy.batch >= 0);
    SweepReport report;
    mend_leases(session, policy, report);
    expire_tasks(session, policy, report);
    report.tasks_republished =
        republish(session, session.now - policy.republish_after, policy.batch);
    report.retries_due = make_due_retries_ready(session);
    report.deliveries_unknown = mark_unknown(session, policy.batch);
    const auto vain = refund_kept(session, session.now - policy.keep_refused, policy.batch);
    report.refused_refunded = vain.refunds;
    report.credits_refunded = vain.credits;
    report.grants_given = give_owed_grants(session, policy.batch);
    fold_bookings(session);
    report.rows_forgotten = forget(session, policy);
    return report;
}

}  // namespace mlbilling::sqlite
