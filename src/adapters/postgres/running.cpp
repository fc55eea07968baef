#include "adapters/postgres/running.hpp"

#include "adapters/postgres/book.hpp"
#include "adapters/postgres/one_task.hpp"
#include "base/check.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<bool> extend_lease(Session& session, const TaskId& task, Epoch epoch, Duration lease_for) {
    co_return 1 == co_await session.run(R"(
        UPDATE tasks SET leased_until = $1 WHERE id = $2 AND epoch = $3 AND status = 'processing')",
                                        session.now + lease_for, task, epoch);
}

Async<bool> record_operation(Session& session, const TaskId& task, Epoch epoch,
                             const std::string& operation) {
    co_return 1 == co_await session.run(R"(
        UPDATE tasks SET operation = $1 WHERE id = $2 AND epoch = $3 AND status = 'processing')",
                                        operation, task, epoch);
}

Async<AdjustOutcome> adjust_hold(Session& session, const TaskId& id, Epoch epoch, Units measured,
                                 Credits price) {
    const auto task = co_await lock_task(session, id);
    // A lease that ran out is still ours until another takes it.
    if (!task || task->status != TaskStatus::processing || task->epoch != epoch) co_return Fenced{};
    const auto account = co_await change_hold(session, *task, price);
    if (!account) {
        const auto unchanged = co_await read_account(session, task->user);
        co_return Insufficient{price, unchanged, std::nullopt};
    }
    session.send("UPDATE tasks SET units_measured = $1 WHERE id = $2", measured, id);
    co_return Adjusted{*account};
}

// Seldom, so it is not gathered into batches; but it settles as those do.
Async<SettleOutcome> await_operation(Session& session, const TaskId& id, Epoch epoch,
                                     Time next_attempt_at, const Spending& spending) {
    const auto task = co_await lock_task(session, id);
    if (!task || task->status != TaskStatus::processing || task->epoch != epoch) co_return Fenced{};
    session.send("UPDATE tasks SET attempt = attempt - 1 WHERE id = $1", id);
    auto row = co_await session.query(
        R"(
        SELECT balance, user_held FROM settle_tasks($1, ARRAY[$2], ARRAY[$3::bigint], ARRAY[$4], ARRAY[$5],
            ARRAY[NULL::integer], ARRAY[NULL::bigint], ARRAY[NULL::boolean], ARRAY[NULL::text], ARRAY[$6],
            ARRAY[$7::bigint], ARRAY[''], ARRAY[$8::timestamptz], ARRAY[NULL::integer]))",
        session.now, id, epoch, to_string(TaskStatus::created), to_string(FailureReason::none),
        spending.provider, spending.cost, next_attempt_at);
    CHECK(row.next());
    Settled settled;
    settled.account.balance = row.read<Credits>();
    settled.account.held = row.read<Credits>();
    auto waiting = co_await find_task(session, id);
    CHECK(waiting.has_value());
    settled.task = *std::move(waiting);
    co_return settled;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
