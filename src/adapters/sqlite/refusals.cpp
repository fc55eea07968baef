#include "adapters/sqlite/refusals.hpp"

#include <vector>

#include "adapters/sqlite/deliveries.hpp"
#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

namespace mlbilling::sqlite {
namespace {

using Kind = Notice::Kind;

/// What is given up.
struct Dead {
    DeliveryId id;
    UserId user;
    Notice notice;
    std::optional<TaskId> task;
    int parts_sent = 0;
};

Dead read_dead(Session& session, DeliveryId id) {
    auto row = session.database.query(
        "SELECT user_id, kind, facts, task_id, parts_sent FROM deliveries WHERE id = ?", id);
    CHECK(row.next());
    Dead dead;
    dead.id = id;
    dead.user = row.read<UserId>();
    dead.notice.kind = row.read_name(parse_notice_kind);
    dead.notice.facts = facts_from_json(row.read<std::string>());
    dead.task = row.read<std::optional<TaskId>>();
    dead.parts_sent = row.read<int>();
    return dead;
}

/// Of the task's charge, what was not paid back yet.
Credits owed_for(Session& session, const TaskRecord& task) {
    auto row = session.database.query(R"(
        SELECT coalesce(sum(amount), 0) FROM transactions WHERE task_id = ? AND type = 'refund')",
                                      task.id);
    CHECK(row.next());
    return task.cost.value_or(Credits(0)) - row.read<Credits>();
}

/// Pays back a result that never arrived, within the transaction that gives it up. Every refund of
/// a refused result goes through here.
Credits pay_back_refused(Session& session, const TaskRecord& task, const std::string& reason) {
    const auto owed = owed_for(session, task);
    const auto booked = refund(session, {task.id, owed, "bot", reason, "refused"});
    return std::holds_alternative<TransactionRecord>(booked) ? owed : Credits(0);
}

void note_refusal(Session& session, const Dead& dead, const char* outcome) {
    session.database.run(R"(
        INSERT INTO refusals (delivery_id, user_id, task_id, outcome, refused_at)
        VALUES (?, ?, ?, ?, ?))",
                         dead.id, dead.user, *dead.task, outcome, session.now);
}

void tell_in_private(Session& session, const TaskRecord& task, Notice notice) {
    owe(session, {.user = task.user,
                  .place = {ChatId(task.telegram.value()), std::nullopt},
                  .edit = std::nullopt,
                  .notice = std::move(notice),
                  .task = std::nullopt});
}

/// An offer, or what was sent at the press of its button, was refused again: it is kept as before.
RefusalOutcome keep_again(Session& session, const Dead& dead) {
    const auto task = dead.notice.facts.find("task");
    if (task == dead.notice.facts.end()) return {RefusalEnd::nothing_paid, {}};
    const int kept = session.database.run(R"(
        UPDATE refusals SET outcome = 'kept' WHERE task_id = ? AND user_id = ? AND outcome = 'offered')",
                                          task->second, dead.user);
    return {kept > 0 ? RefusalEnd::kept : RefusalEnd::nothing_paid, {}};
}

RefusalOutcome settle_refusal(Session& session, const Dead& dead, bool by_user) {
    const bool again =
        dead.notice.kind == Kind::result_again || dead.notice.kind == Kind::result_kept;
    if (again && by_user) return keep_again(session, dead);
    if (dead.notice.kind != Kind::task_result) return {RefusalEnd::nothing_paid, {}};
    const auto task = read_task(session, *dead.task);
    if (task.status != TaskStatus::completed || owed_for(session, task) <= Credits(0))
        return {RefusalEnd::nothing_paid, {}};
    if (by_user) {
        note_refusal(session, dead, "kept");
        return {RefusalEnd::kept, {}};
    }
    if (dead.parts_sent > 0) {
        note_refusal(session, dead, "offered");
        tell_in_private(session, task, {Kind::result_kept, {{"task", task.id.value()}}});
        return {RefusalEnd::offered, {}};
    }
    const auto paid = pay_back_refused(session, task, "the chat did not take the result");
    note_refusal(session, dead, "refunded");
    tell_in_private(session, task,
                    {Kind::result_refused, {{"cost", std::to_string(paid.value())}}});
    return {RefusalEnd::refunded, paid};
}

std::vector<std::pair<DeliveryId, TaskId>> kept_since(Session& session, Time before, int limit) {
    // One that arrived in part can still be asked for, and is not paid back.
    auto row = session.database.query(R"(
        SELECT r.delivery_id, r.task_id FROM refusals r INDEXED BY refusals_kept
         CROSS JOIN tasks t ON t.id = r.task_id CROSS JOIN deliveries d ON d.id = r.delivery_id
         WHERE r.outcome = 'kept' AND t.finished_at < ? AND d.parts_sent = 0 LIMIT ?)",
                                      before, limit);
    std::vector<std::pair<DeliveryId, TaskId>> kept;
    while (row.next()) {
        const auto delivery = row.read<DeliveryId>();
        kept.emplace_back(delivery, row.read<TaskId>());
    }
    return kept;
}

}  // namespace

RefusalOutcome refuse(Session& session, DeliveryId id, Epoch claim, const std::string& why,
                      bool by_user) {
    if (!give_up(session, id, claim, why)) return {};
    return settle_refusal(session, read_dead(session, id), by_user);
}

void offer_kept(Session& session, DeliveryId id) {
    if (!session.database
             .query(
                 "SELECT 1 FROM refusals INDEXED BY refusals_kept WHERE outcome = 'kept' LIMIT 1")
             .next())
        return;
    session.database.run(R"(
        INSERT INTO deliveries (user_id, chat_id, kind, facts, due_at, created_at)
        SELECT r.user_id, d.chat_id, 'result_kept', json_object('task', r.task_id), ?1, ?1
          FROM deliveries d JOIN users u ON u.id = d.user_id
          JOIN refusals r ON r.user_id = d.user_id AND r.outcome = 'kept'
         WHERE d.id = ?2 AND d.chat_id = u.telegram_id)",
                         session.now, id);
    session.database.run(R"(
        UPDATE refusals SET outcome = 'offered'
         WHERE outcome = 'kept'
           AND user_id = (SELECT d.user_id FROM deliveries d JOIN users u ON u.id = d.user_id
                           WHERE d.id = ? AND d.chat_id = u.telegram_id))",
                         id);
}

KeptInVain refund_kept(Session& session, Time before, int limit) {
    KeptInVain vain;
    for (const auto& [delivery, id] : kept_since(session, before, limit)) {
        vain.credits = vain.credits + pay_back_refused(session, read_task(session, id),
                                                       "the result was kept in vain");
        session.database.run("UPDATE refusals SET outcome = 'refunded' WHERE delivery_id = ?",
                             delivery);
        ++vain.refunds;
    }
    return vain;
}

}  // namespace mlbilling::sqlite
