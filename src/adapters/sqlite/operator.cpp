#include "adapters/sqlite/operator.hpp"

#include "adapters/sqlite/audit.hpp"
#include "adapters/sqlite/book.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/owed.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/tasks.hpp"

namespace mlbilling::sqlite {
namespace {

std::string in_words(Credits amount, std::string_view reason) {
    return std::to_string(amount.value()) + " credits: " + std::string(reason);
}

Credits refunded(Session& session, const TaskId& task) {
    auto row = session.database.query(R"(
        SELECT coalesce(sum(amount), 0) FROM transactions WHERE task_id = ? AND type = 'refund')",
                                      task);
    CHECK(row.next());
    return row.read<Credits>();
}

}  // namespace

std::vector<Profile> users(Session& session, int limit) {
    CHECK(limit >= 0);
    std::vector<UserId> ids;
    {
        auto row = session.database.query("SELECT id FROM users ORDER BY id DESC LIMIT ?", limit);
        while (row.next()) ids.push_back(row.read<UserId>());
    }
    std::vector<Profile> profiles;
    profiles.reserve(ids.size());
    for (const auto& id : ids) profiles.push_back(read_profile(session, id));
    return profiles;
}

BookingOutcome correct(Session& session, const Correction& correction) {
    if (correction.amount == Credits(0)) return BookingFailure::no_amount;
    const auto profile = find_profile(session, correction.user);
    if (!profile) return BookingFailure::no_such_user;
    const auto key = key_of_operator(correction.request);
    if (is_booked(session, key)) return BookingFailure::already_booked;
    const bool gives = correction.amount > Credits(0);
    const auto booked =
        book(session, {.user = profile->id,
                       .type = gives ? TransactionType::grant : TransactionType::adjustment,
                       .amount = correction.amount,
                       .task = std::nullopt,
                       .key = key,
                       .actor = correction.actor,
                       .reason = correction.reason});
    if (!booked) return gives ? BookingFailure::overflow : BookingFailure::below_held;
    note(session, correction.actor, "correct", "user " + std::to_string(profile->telegram.value()),
         in_words(correction.amount, correction.reason));
    return *booked;
}

BookingOutcome refund(Session& session, const Refund& refund) {
    if (refund.amount <= Credits(0)) return BookingFailure::no_amount;
    const auto task = find_task(session, refund.task);
    if (!task) return BookingFailure::no_such_task;
    const auto key = key_of_refund(refund.task, refund.request);
    if (is_booked(session, key)) return BookingFailure::already_booked;
    const auto charged = task->cost.value_or(Credits(0));
    if (refund.amount > charged - refunded(session, refund.task))
        return BookingFailure::above_charge;
    const auto booked = book(session, {.user = task->user,
                                       .type = TransactionType::refund,
                                       .amount = refund.amount,
                                       .task = refund.task,
                                       .key = key,
                                       .actor = refund.actor,
                                       .reason = refund.reason});
    if (!booked) return BookingFailure::overflow;
    note(session, refund.actor, "refund", "task " + refund.task.value(),
         in_words(refund.amount, refund.reason));
    return *booked;
}

bool set_role(Session& session, TelegramId user, Role role, const std::string& actor) {
    const int changed = session.database.run("UPDATE users SET role = ? WHERE telegram_id = ?",
                                             to_string(role), user);
    if (changed == 0) return false;
    note(session, actor, "set_role", "user " + std::to_string(user.value()), to_string(role));
    return true;
}

bool cancel_task(Session& session, const TaskId& id) {
    const auto task = find_task(session, id);
    if (!task || !next(task->status, TaskEvent::cancel)) return false;
    const auto ended =
        end_task(session, *task, TaskEvent::cancel, FailureReason::cancelled, std::nullopt);
    owe_result(session, ended, Outgoing::Who::relay);
    note(session, "operator", "cancel_task", "task " + id.value(), "");
    return true;
}

bool retry_task(Session& session, const TaskId& id) {
    const int changed = session.database.run(R"(
        UPDATE tasks SET next_attempt_at = NULL
         WHERE id = ? AND status = 'created' AND next_attempt_at > ?)",
                                             id, session.now);
    if (changed == 0) return false;
    put_in_outbox(session, OutboxRecord::Kind::task, read_task(session, id),
                  {Outgoing::Who::relay, {}});
    note(session, "operator", "retry_task", "task " + id.value(), "");
    return true;
}

}  // namespace mlbilling::sqlite
