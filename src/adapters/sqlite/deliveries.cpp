#include "adapters/sqlite/deliveries.hpp"

#include "adapters/sqlite/refusals.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

namespace mlbilling::sqlite {
namespace {

/// Takes the claim; false when it cannot be had.
bool take_claim(Session& session, DeliveryId id, Duration claim_for) {
    return session.database.run(
               R"(
        UPDATE deliveries SET state = 'sending', attempt = attempt + 1, claim = claim + 1, due_at = ?1
         WHERE id = ?2 AND due_at <= ?3 AND (state = 'pending' OR (state = 'sending' AND attempt < 2))
           AND NOT EXISTS (SELECT 1 FROM deliveries older
                            WHERE older.chat_id = deliveries.chat_id AND older.id < deliveries.id
                              AND older.state = 'sending' AND older.due_at > ?3))",
               session.now + claim_for, id, session.now) == 1;
}

/// Tells the user of a delivery that has just become unknown; of an untold telling nobody is told.
void owe_uncertainty(Session& session, DeliveryId id) {
    session.database.run(R"(
        INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, due_at, created_at)
        SELECT user_id, chat_id, reply_to, 'answer_uncertain',
               CASE kind WHEN 'task_result' THEN json_object('task', task_id)
                         WHEN 'result_again' THEN facts ELSE '{}' END, ?1, ?1
          FROM deliveries WHERE id = ?2 AND state = 'unknown' AND kind <> 'answer_uncertain')",
                         session.now, id);
}

ClaimedDelivery read_claimed(Session& session, DeliveryId id) {
    ClaimedDelivery delivery;
    std::optional<TaskId> task;
    UserId user;
    {
        // The status message is looked up now: it may have been sent after the task ended.
        auto row = session.database.query(R"(
            SELECT d.id, d.claim, d.chat_id, d.reply_to, coalesce(d.edit, t.status_message_id), d.kind,
                   d.facts, d.task_id, d.parts_sent, d.attempt, d.user_id
              FROM deliveries d LEFT JOIN tasks t ON t.id = d.task_id WHERE d.id = ?)",
                                          id);
        CHECK(row.next());
        delivery.id = row.read<DeliveryId>();
        delivery.claim = row.read<Epoch>();
        delivery.chat = row.read<ChatId>();
        delivery.reply_to = row.read<std::optional<MessageId>>();
        delivery.edit = row.read<std::optional<MessageId>>();
        delivery.notice.kind = row.read_name(parse_notice_kind);
        delivery.notice.facts = facts_from_json(row.read<std::string>());
        task = row.read<std::optional<TaskId>>();
        delivery.parts_sent = row.read<int>();
        delivery.attempt = row.read<int>();
        user = row.read<UserId>();
    }
    delivery.profile = read_profile(session, user);
    if (task) delivery.task = read_task(session, *task);
    return delivery;
}

}  // namespace

std::optional<ClaimedDelivery> claim_delivery(Session& session, DeliveryId id, Duration claim_for) {
    if (!take_claim(session, id, claim_for)) return std::nullopt;
    return read_claimed(session, id);
}

std::optional<ClaimedDelivery> claim_result(Session& session, const TaskId& task,
                                            Duration claim_for) {
    std::optional<DeliveryId> id;
    {
        auto row = session.database.query("SELECT id FROM deliveries WHERE task_id = ?", task);
        if (row.next()) id = row.read<DeliveryId>();
    }
    if (!id) return std::nullopt;
    return claim_delivery(session, *id, claim_for);
}

bool extend_claim(Session& session, DeliveryId id, Epoch claim, Duration claim_for) {
    return session.database.run(R"(
        UPDATE deliveries SET due_at = ? WHERE id = ? AND claim = ? AND state = 'sending')",
                                session.now + claim_for, id, claim) == 1;
}

namespace {

bool mark_part(Session& session, const SentPart& part, Duration claim_for) {
    if (part.last)
        return session.database.run(R"(
            UPDATE deliveries SET state = 'sent', sent_at = ?, parts_sent = parts_sent + 1,
                   messages = json_insert(messages, '$[#]', json_object('message', ?, 'file', ?))
             WHERE id = ? AND claim = ? AND state = 'sending')",
                                    session.now, part.message, part.file_id, part.delivery,
                                    part.claim) == 1;
    return session.database.run(R"(
        UPDATE deliveries SET due_at = ?, attempt = 1, parts_sent = parts_sent + 1,
               messages = json_insert(messages, '$[#]', json_object('message', ?, 'file', ?))
         WHERE id = ? AND claim = ? AND state = 'sending')",
                                session.now + claim_for, part.message, part.file_id, part.delivery,
                                part.claim) == 1;
}

}  // namespace

bool part_sent(Session& session, const SentPart& part, Duration claim_for) {
    const bool ours = mark_part(session, part, claim_for);
    offer_kept(session, part.delivery);
    return ours;
}

bool postpone(Session& session, DeliveryId id, Epoch claim, Time not_before) {
    return session.database.run(R"(
        UPDATE deliveries SET state = 'pending', attempt = attempt - 1, due_at = ?
         WHERE id = ? AND claim = ? AND state = 'sending')",
                                not_before, id, claim) == 1;
}

bool ambiguous(Session& session, DeliveryId id, Epoch claim, Time not_before) {
    const bool ours = session.database.run(R"(
        UPDATE deliveries SET state = iif(attempt < 2, 'pending', 'unknown'), due_at = ?
         WHERE id = ? AND claim = ? AND state = 'sending')",
                                           not_before, id, claim) == 1;
    if (ours) owe_uncertainty(session, id);
    return ours;
}

bool give_up(Session& session, DeliveryId id, Epoch claim, const std::string& why) {
    return session.database.run(R"(
        UPDATE deliveries SET state = 'dead', detail = ? WHERE id = ? AND claim = ? AND state = 'sending')",
                                why, id, claim) == 1;
}

void move_chat(Session& session, ChatId from, ChatId to) {
    // Messages of the old group have other ids in the new one. What was being sent was refused, so
    // that attempt does not count; its claim is void.
    session.database.run(R"(
        UPDATE deliveries SET chat_id = ?1, reply_to = NULL, edit = NULL, due_at = ?3,
                              attempt = iif(state = 'sending', attempt - 1, attempt),
                              claim = claim + 1, state = 'pending'
         WHERE chat_id = ?2 AND state IN ('pending', 'sending'))",
                         to, from, session.now);
    session.database.run(R"(
        UPDATE tasks SET chat_id = ?1, message_id = NULL, status_message_id = NULL
         WHERE id IN (SELECT id FROM tasks WHERE status = 'created' AND chat_id = ?2
                      UNION ALL SELECT id FROM tasks WHERE status = 'processing' AND chat_id = ?2
                      UNION ALL SELECT task_id FROM deliveries
                                 WHERE chat_id = ?1 AND state IN ('pending', 'sending')
                                   AND task_id IS NOT NULL))",
                         to, from);
    session.database.run("UPDATE proposals SET chat_id = ?1, message_id = NULL WHERE chat_id = ?2",
                         to, from);
}

std::vector<DeliveryId> due_deliveries(Session& session, int limit) {
    CHECK(limit >= 0);
    auto row = session.database.query(R"(
        SELECT d.id FROM deliveries d
         WHERE d.state IN ('pending', 'sending') AND d.due_at <= ?1
           AND (d.state = 'pending' OR d.attempt < 2)
           AND NOT EXISTS (SELECT 1 FROM deliveries older
                            WHERE older.chat_id = d.chat_id AND older.id < d.id
                              AND older.state = 'sending' AND older.due_at > ?1)
         ORDER BY d.due_at, d.id LIMIT ?2)",
                                      session.now, limit);
    std::vector<DeliveryId> ids;
    while (row.next()) ids.push_back(row.read<DeliveryId>());
    return ids;
}

StatusMessage set_status_message(Session& session, const TaskId& task, MessageId message) {
    const auto marked = session.database.run(R"(
        UPDATE tasks SET status_message_id = ?1
         WHERE id = ?2 AND (status IN ('created', 'processing')
                            OR EXISTS (SELECT 1 FROM deliveries d
                                        WHERE d.task_id = ?2 AND d.claim = 0)))",
                                             message, task);
    if (marked == 1) return StatusMessage::shown;
    auto row = session.database.query("SELECT 1 FROM deliveries WHERE task_id = ? AND edit = ?",
                                      task, message);
    return row.next() ? StatusMessage::answered : StatusMessage::unwanted;
}

int mark_unknown(Session& session, int limit) {
    std::vector<DeliveryId> lapsed;
    {
        auto row = session.database.query(R"(
            SELECT id FROM deliveries
             WHERE state IN ('pending', 'sending') AND due_at <= ?
               AND state = 'sending' AND attempt >= 2 LIMIT ?)",
                                          session.now, limit);
        while (row.next()) lapsed.push_back(row.read<DeliveryId>());
    }
    for (const auto id : lapsed) {
        session.database.run("UPDATE deliveries SET state = 'unknown' WHERE id = ?", id);
        owe_uncertainty(session, id);
    }
    return static_cast<int>(lapsed.size());
}

}  // namespace mlbilling::sqlite
