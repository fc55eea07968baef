#include "adapters/postgres/running.hpp"

#include "adapters/postgres/book.hpp"
#include "adapters/postgres/one_task.hpp"

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

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
