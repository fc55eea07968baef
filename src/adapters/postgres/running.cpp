#include "adapters/postgres/running.hpp"

#include <utility>

// The database outlives its operations.
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

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
