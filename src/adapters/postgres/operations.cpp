#include "adapters/postgres/operations.hpp"

#include "adapters/postgres/audit.hpp"
#include "adapters/postgres/book.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/senders.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

std::string in_words(Credits amount, std::string_view reason) {
    return std::to_string(amount.value()) + " credits: " + std::string(reason);
}

Async<Credits> refunded(Session& session, const TaskId& task) {
    auto row = co_await session.query(R"(
        SELECT coalesce(sum(amount), 0)::bigint FROM transactions
         WHERE task_id = $1 AND type = 'refund')",
                                      task);
    CHECK(row.next());
    co_return row.read<Credits>();
}

}  // namespace

Async<std::vector<Profile>> users(Session& session, int limit) {
    CHECK(limit >= 0);
    auto row =
        co_await session.query("SELECT * FROM user_profiles ORDER BY id DESC LIMIT $1", limit);
    std::vector<Profile> profiles;
    while (row.next()) profiles.push_back(read_profile(row));
    co_return profiles;
}

Async<BookingOutcome> correct(Session& session, const Correction& correction) {
    if (correction.amount == Credits(0)) co_return BookingFailure::no_amount;
    const auto profile = co_await find_profile(session, correction.user);
    if (!profile) co_return BookingFailure::no_such_user;
    const auto key = key_of_operator(correction.request);
    if (co_await is_booked(session, key)) co_return BookingFailure::already_booked;
    const bool gives = correction.amount > Credits(0);
    const Entry entry{.user = profile->id,
                      .type = gives ? TransactionType::grant : TransactionType::adjustment,
                      .amount = correction.amount,
                      .task = std::nullopt,
                      .key = key,
                      .actor = correction.actor,
                      .reason = correction.reason};
    const auto booked = co_await book(session, entry);
    if (!booked) co_return gives ? BookingFailure::overflow : BookingFailure::below_held;
    note(session, correction.actor, "correct", "user " + std::to_string(profile->telegram.value()),
         in_words(correction.amount, correction.reason));
    co_return *booked;
}

Async<BookingOutcome> refund(Session& session, const Refund& refund) {
    if (refund.amount <= Credits(0)) co_return BookingFailure::no_amount;
    // Locked, so that two refunds at once see each other.
    const auto task = co_await lock_task(session, refund.task);
    if (!task) co_return BookingFailure::no_such_task;
    const auto key = key_of_refund(refund.task, refund.request);
    if (co_await is_booked(session, key)) co_return BookingFailure::already_booked;
    const auto charged = task->cost.value_or(Credits(0));
    if (refund.amount > charged - co_await refunded(session, refund.task))
        co_return BookingFailure::above_charge;
    const Entry entry{.user = task->user,
                      .type = TransactionType::refund,
                      .amount = refund.amount,
                      .task = refund.task,
                      .key = key,
                      .actor = refund.actor,
                      .reason = refund.reason};
    const auto booked = co_await book(session, entry);
    if (!booked) co_return BookingFailure::overflow;
    note(session, refund.actor, "refund", "task " + refund.task.value(),
         in_words(refund.amount, refund.reason));
    co_return *booked;
}

Async<bool> set_role(Session& session, TelegramId user, Role role, const std::string& actor) {
    const int changed = co_await session.run("UPDATE users SET role = $1 WHERE telegram_id = $2",
                                             to_string(role), user);
    if (changed == 0) co_return false;
    note(session, actor, "set_role", "user " + std::to_string(user.value()), to_string(role));
    co_return true;
}

Async<bool> cancel_task(Session& session, const TaskId& id) {
    const auto task = co_await lock_task(session, id);
    if (!task || !next(task->status, TaskEvent::cancel)) co_return false;
    co_await end_task(session, *task, TaskEvent::cancel, FailureReason::cancelled);
    co_await owe_result(session, *task);
    note(session, "operator", "cancel_task", "task " + id.value(), "");
    co_return true;
}

Async<bool> retry_task(Session& session, const TaskId& id) {
    const auto task = co_await lock_task(session, id);
    if (!task || task->status != TaskStatus::created || !task->next_attempt_at ||
        *task->next_attempt_at <= session.now)
        co_return false;
    session.send("UPDATE tasks SET next_attempt_at = NULL WHERE id = $1", id);
    co_await put_in_outbox(session, OutboxRecord::Kind::task, *task, Publisher::relay);
    note(session, "operator", "retry_task", "task " + id.value(), "");
    co_return true;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
