#include "adapters/postgres/refusals.hpp"

#include <utility>
#include <vector>

#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/operations.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/postgres/undelivered.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
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

Async<Dead> read_dead(Session& session, DeliveryId id) {
    auto row = co_await session.query(
        "SELECT user_id, kind, facts, task_id, parts_sent FROM deliveries WHERE id = $1", id);
    CHECK(row.next());
    Dead dead;
    dead.id = id;
    dead.user = row.read<UserId>();
    dead.notice.kind = row.read_name(parse_notice_kind);
    dead.notice.facts = facts_from_json(document_of(row.read<std::string_view>()));
    dead.task = row.read<std::optional<TaskId>>();
    dead.parts_sent = row.read<int>();
    co_return dead;
}

/// Of the task's charge, what was not paid back yet.
Async<Credits> owed_for(Session& session, const TaskRecord& task) {
    auto row = co_await session.query(R"(
        SELECT coalesce(sum(amount), 0)::bigint FROM transactions
         WHERE task_id = $1 AND type = 'refund')",
                                      task.id);
    CHECK(row.next());
    co_return task.cost.value_or(Credits(0)) - row.read<Credits>();
}

/// Pays back a result that never arrived, within the transaction that gives it up. Every refund of
/// a refused result goes through here.
Async<Credits> pay_back_refused(Session& session, const TaskRecord& task,
                                const std::string& reason) {
    const auto owed = co_await owed_for(session, task);
    const Refund wanted{task.id, owed, "bot", reason, "refused"};
    const auto booked = co_await refund(session, wanted);
    co_return std::holds_alternative<TransactionRecord>(booked) ? owed : Credits(0);
}

void note_refusal(Session& session, const Dead& dead, const char* outcome) {
    session.send(R"(
        INSERT INTO refusals (delivery_id, user_id, task_id, outcome, refused_at)
        VALUES ($1, $2, $3, $4, $5))",
                 dead.id, dead.user, *dead.task, std::string_view(outcome), session.now);
}

Async<void> tell_in_private(Session& session, const TaskRecord& task, Notice notice) {
    const Answer answer{.user = task.user,
                        .place = {ChatId(task.telegram.value()), std::nullopt},
                        .edit = std::nullopt,
                        .notice = std::move(notice),
                        .task = std::nullopt};
    co_await owe(session, answer);
}

/// An offer, or what was sent at the press of its button, was refused again: it is kept as before.
Async<RefusalOutcome> keep_again(Session& session, const Dead& dead) {
    const auto task = dead.notice.facts.find("task");
    if (task == dead.notice.facts.end())
        co_return RefusalOutcome{RefusalEnd::nothing_paid, Credits(0)};
    const int kept = co_await session.run(R"(
        UPDATE refusals SET outcome = 'kept'
         WHERE task_id = $1 AND user_id = $2 AND outcome = 'offered')",
                                          task->second, dead.user);
    co_return RefusalOutcome{kept > 0 ? RefusalEnd::kept : RefusalEnd::nothing_paid, Credits(0)};
}

Async<RefusalOutcome> settle_refused_result(Session& session, const Dead& dead, bool by_user) {
    // Locked, so that an operator's refund at the same time is seen.
    const auto task = co_await lock_task(session, *dead.task);
    CHECK(task.has_value());
    const auto owed = co_await owed_for(session, *task);
    if (task->status != TaskStatus::completed || owed <= Credits(0))
        co_return RefusalOutcome{RefusalEnd::nothing_paid, Credits(0)};
    if (by_user) {
        note_refusal(session, dead, "kept");
        co_return RefusalOutcome{RefusalEnd::kept, Credits(0)};
    }
    if (dead.parts_sent > 0) {
        note_refusal(session, dead, "offered");
        Notice offer{Kind::result_kept, {{"task", task->id.value()}}};
        co_await tell_in_private(session, *task, std::move(offer));
        co_return RefusalOutcome{RefusalEnd::offered, Credits(0)};
    }
    const auto paid = co_await pay_back_refused(session, *task, "the chat did not take the result");
    note_refusal(session, dead, "refunded");
    Notice told{Kind::result_refused, {{"cost", std::to_string(paid.value())}}};
    co_await tell_in_private(session, *task, std::move(told));
    co_return RefusalOutcome{RefusalEnd::refunded, paid};
}

Async<std::vector<std::pair<DeliveryId, TaskId>>> lock_kept(Session& session, Time before,
                                                            int limit) {
    // One that arrived in part can still be asked for, and is not paid back.
    auto row = co_await session.query(R"(
        SELECT r.delivery_id, r.task_id FROM refusals r
          JOIN tasks t ON t.id = r.task_id JOIN deliveries d ON d.id = r.delivery_id
         WHERE r.outcome = 'kept' AND t.finished_at < $1 AND d.parts_sent = 0
         ORDER BY r.task_id LIMIT $2 FOR UPDATE OF r SKIP LOCKED)",
                                      before, limit);
    std::vector<std::pair<DeliveryId, TaskId>> kept;
    while (row.next()) {
        const auto delivery = row.read<DeliveryId>();
        kept.emplace_back(delivery, row.read<TaskId>());
    }
    co_return kept;
}

}  // namespace

Async<RefusalOutcome> refuse(Session& session, DeliveryId id, Epoch claim, const std::string& why,
                             bool by_user) {
    const bool ours = co_await give_up(session, id, claim, why);
    if (!ours) co_return RefusalOutcome{};
    const auto dead = co_await read_dead(session, id);
    const auto kind = dead.notice.kind;
    if (by_user && (kind == Kind::result_again || kind == Kind::result_kept))
        co_return co_await keep_again(session, dead);
    if (kind == Kind::task_result) co_return co_await settle_refused_result(session, dead, by_user);
    co_return RefusalOutcome{RefusalEnd::nothing_paid, Credits(0)};
}

Async<KeptInVain> refund_kept(Session& session, Time before, int limit) {
    KeptInVain vain;
    const auto kept = co_await lock_kept(session, before, limit);
    for (const auto& [delivery, id] : kept) {
        const auto task = co_await lock_task(session, id);
        CHECK(task.has_value());
        const auto paid = co_await pay_back_refused(session, *task, "the result was kept in vain");
        vain.credits = vain.credits + paid;
        session.send("UPDATE refusals SET outcome = 'refunded' WHERE delivery_id = $1", delivery);
        ++vain.refunds;
    }
    co_return vain;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
