#include "adapters/postgres/running.hpp"

#include <algorithm>
#include <utility>

#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/owed.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"
#include "base/check.hpp"

// The database and the sessions outlive their operations.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<bool> extend_lease(Database& database, TaskId task, Epoch epoch, Duration lease_for) {
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(task);
    parameters.add(epoch);
    parameters.add(lease_for);
    const auto rows = co_await database.execute(R"(
        UPDATE tasks SET leased_until = coalesce($1, moment()) + $4 * interval '1 millisecond'
         WHERE id = $2 AND epoch = $3 AND status = 'processing')",
                                                std::move(parameters), Access::relaxed_write);
    co_return rows.affected() == 1;
}

Async<bool> record_operation(Database& database, TaskId task, Epoch epoch, std::string operation) {
    const auto rows = co_await database.execute(R"(
        UPDATE tasks SET operation = $1 WHERE id = $2 AND epoch = $3 AND status = 'processing')",
                                                Parameters::of(operation, task, epoch));
    co_return rows.affected() == 1;
}

Async<AdjustOutcome> adjust_hold(Database& database, TaskId task, Epoch epoch, Units measured,
                                 Credits price) {
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(task);
    parameters.add(epoch);
    parameters.add(measured);
    parameters.add(price);
    auto row = co_await database.execute("SELECT * FROM adjust_hold($1, $2, $3, $4, $5)",
                                         std::move(parameters));
    if (!row.next()) co_return Fenced{};
    const bool adjusted = row.read<bool>();
    const Account account{row.read<Credits>(), row.read<Credits>()};
    if (!adjusted) co_return Insufficient{price, account, std::nullopt};
    co_return Adjusted{account};
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

Async<SettleOutcome> await_turn(Session& session, const TurnAwaited& wait) {
    const auto task = co_await lock_task(session, wait.task);
    if (!task || task->status != TaskStatus::processing || task->epoch != wait.epoch)
        co_return Fenced{};
    const auto waits_for = std::max(Duration(0), wait.turn_at - session.now);
    session.send("UPDATE tasks SET deadline_at = $1 WHERE id = $2", task->deadline_at + waits_for,
                 wait.task);
    if (wait.ready_at)
        co_await owe_in(session, task->place, task->user,
                        waits_for_turn(*wait.ready_at - session.now));
    co_return co_await await_operation(session, wait.task, wait.epoch, wait.turn_at, wait.spending);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
