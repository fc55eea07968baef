#include "adapters/postgres/undelivered.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<bool> extend_claim(Database& database, DeliveryId id, Epoch claim, Duration claim_for) {
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(id);
    parameters.add(claim);
    parameters.add(claim_for);
    const auto rows = co_await database.execute(R"(
        UPDATE deliveries SET due_at = coalesce($1, moment()) + $4 * interval '1 millisecond'
         WHERE id = $2 AND claim = $3 AND state = 'sending')",
                                                std::move(parameters), Access::relaxed_write);
    co_return rows.affected() == 1;
}

Async<bool> postpone(Session& session, DeliveryId id, Epoch claim, Time not_before) {
    co_return 1 == co_await session.run(R"(
        UPDATE deliveries SET state = 'pending', attempt = attempt - 1, due_at = $1
         WHERE id = $2 AND claim = $3 AND state = 'sending')",
                                        not_before, id, claim);
}

Async<bool> ambiguous(Session& session, DeliveryId id, Epoch claim, Time not_before) {
    co_return 1 == co_await session.run(R"(
        WITH ended AS (
            UPDATE deliveries SET state = CASE WHEN attempt < 2 THEN 'pending' ELSE 'unknown' END,
                                  due_at = $1
             WHERE id = $2 AND claim = $3 AND state = 'sending' RETURNING *),
        told AS (
            INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, due_at, created_at)
            SELECT user_id, chat_id, reply_to, 'answer_uncertain',
                   CASE kind WHEN 'task_result' THEN json_build_object('task', task_id)
                             WHEN 'result_again' THEN facts ELSE '{}' END, $4, $4
              FROM ended WHERE state = 'unknown' AND kind <> 'answer_uncertain')
        SELECT id FROM ended)",
                                        not_before, id, claim, session.now);
}

Async<bool> give_up(Session& session, DeliveryId id, Epoch claim, const std::string& why) {
    co_return 1 == co_await session.run(R"(
        UPDATE deliveries SET state = 'dead', detail = $1
         WHERE id = $2 AND claim = $3 AND state = 'sending')",
                                        why, id, claim);
}

Async<void> move_chat(Session& session, ChatId from, ChatId to) {
    // Messages of the old group have other ids in the new one. What was being sent was refused, so
    // that attempt does not count; its claim is void.
    session.send(R"(
        UPDATE deliveries SET chat_id = $1, reply_to = NULL, edit = NULL, due_at = $3,
                              attempt = CASE WHEN state = 'sending' THEN attempt - 1 ELSE attempt END,
                              claim = claim + 1, state = 'pending'
         WHERE chat_id = $2 AND stage = 'open')",
                 to, from, session.now);
    // What waits has its row in outbox, what runs in leases, what has ended in deliveries.
    session.send(R"(
        UPDATE tasks SET chat_id = $1, message_id = NULL, status_message_id = NULL
         WHERE id IN (SELECT t.id FROM outbox o JOIN tasks t ON t.id = o.task_id
                       WHERE o.kind = 'task' AND t.chat_id = $2
                      UNION ALL
                      SELECT t.id FROM leases l JOIN tasks t ON t.id = l.task_id WHERE t.chat_id = $2
                      UNION ALL
                      SELECT task_id FROM deliveries
                       WHERE chat_id = $1 AND stage = 'open' AND task_id IS NOT NULL))",
                 to, from);
    co_await session.run("UPDATE proposals SET chat_id = $1, message_id = NULL WHERE chat_id = $2",
                         to, from);
}

Async<std::vector<DeliveryId>> due_deliveries(Database& database, int limit) {
    CHECK(limit >= 0);
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(limit);
    auto row = co_await database.execute(R"(
        SELECT d.id FROM deliveries d
         WHERE d.stage = 'open' AND d.due_at <= coalesce($1, moment())
           AND (d.state = 'pending' OR d.attempt < 2)
           -- A count, because for NOT EXISTS the planner may read through all that is open.
           AND (SELECT count(*) FROM deliveries older
                 WHERE older.chat_id = d.chat_id AND older.id < d.id AND older.stage = 'open'
                   AND older.state = 'sending' AND older.due_at > coalesce($1, moment())) = 0
         ORDER BY d.id LIMIT $2)",
                                         std::move(parameters), Access::read);
    std::vector<DeliveryId> ids;
    while (row.next()) ids.push_back(row.read<DeliveryId>());
    co_return ids;
}

Async<int> mark_unknown(Session& session, int limit) {
    co_return co_await session.run(R"(
        WITH ended AS (
            UPDATE deliveries SET state = 'unknown'
             WHERE id IN (SELECT id FROM deliveries
                           WHERE stage = 'open' AND due_at <= $1
                             AND state = 'sending' AND attempt >= 2
                           ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING *),
        told AS (
            INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, due_at, created_at)
            SELECT user_id, chat_id, reply_to, 'answer_uncertain',
                   CASE kind WHEN 'task_result' THEN json_build_object('task', task_id)
                             WHEN 'result_again' THEN facts ELSE '{}' END, $1, $1
              FROM ended WHERE kind <> 'answer_uncertain')
        SELECT id FROM ended)",
                                   session.now, limit);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
