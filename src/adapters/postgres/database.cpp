#include "adapters/postgres/database.hpp"

#include <utility>

namespace mlbilling::postgres {

Database::Database(const Options& options, const boost::asio::any_io_executor& loop,
                   const Clock* clock)
    : options_(options), loop_(loop), clock_(clock), pool_(options, loop) {}

Duration Database::limit_of(Access access) const {
    return access == Access::report ? options_.report_timeout : options_.statement_timeout;
}

void Database::begin_pooled(Connection& connection, Access access) {
    connection.send_and_forget(
        R"(SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
                  set_config('idle_in_transaction_session_timeout', $3, true))",
        Parameters::of(std::to_string(limit_of(access).count()),
                       std::to_string(options_.lock_timeout.count()),
                       std::to_string(options_.idle_in_transaction_timeout.count())));
}

// The connection is lent to the caller, who waits for this.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<Session> Database::begin(Connection& connection, Access access) {
    connection.watch(limit_of(access) + options_.grace);
    const bool reads = access == Access::read || access == Access::report;
    if (reads) {
        connection.send_and_forget("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", {});
    } else {
        connection.send_and_forget("BEGIN", {});
    }
    if (pool_.transaction_pooler()) {
        begin_pooled(connection, access);
    } else if (access == Access::report) {
        connection.send_and_forget("SELECT set_config('statement_timeout', $1, true)",
                                   Parameters::of(std::to_string(limit_of(access).count())));
    }
    if (access == Access::relaxed_write)
        connection.send_and_forget("SET LOCAL synchronous_commit = off", {});
    if (clock_ != nullptr) co_return Session(connection, clock_->now());
    auto rows = co_await connection.receive(connection.send("SELECT transaction_timestamp()", {}));
    CHECK(rows.next());
    co_return Session(connection, rows.read<Time>());
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): as above
Async<void> Database::commit(Connection& connection) {
    connection.send_and_forget("COMMIT", {});
    connection.send_sync();
    co_await connection.receive_sync();
    connection.stop_watch();
}

void Database::add_moment(Parameters& parameters) const {
    parameters.add(clock_ != nullptr ? std::optional(clock_->now()) : std::nullopt);
}

Connection::Ticket Database::send_alone(Connection& connection, Sql sql,
                                        const Parameters& parameters, Access access) {
    // Statements up to the next sync are one transaction, without a BEGIN too.
    if (pool_.transaction_pooler()) {
        connection.send_and_forget("BEGIN", {});
        begin_pooled(connection, access);
    }
    if (access == Access::relaxed_write)
        connection.send_and_forget("SELECT set_config('synchronous_commit', 'off', true)", {});
    const auto ticket = connection.send(sql, parameters);
    if (pool_.transaction_pooler()) connection.send_and_forget("COMMIT", {});
    connection.send_sync();
    return ticket;
}

Async<Rows> Database::execute(Sql sql, Parameters parameters, Access access) {
    Attempts attempts(options_.patience, loop_);
    for (;;) {
        auto loan = co_await attempts.borrow(pool_);
        if (!loan) continue;
        try {
            auto& connection = **loan;
            connection.watch(options_.statement_timeout + options_.grace);
            const auto ticket = send_alone(connection, sql, parameters, access);
            co_await connection.receive_sync();
            connection.stop_watch();
            co_return co_await connection.receive(ticket);
        } catch (const StatementFailed& failure) {
            attempts.note(failure);
        } catch (const ConnectionLost& failure) {
            attempts.note(failure);
        }
        co_await attempts.recover(*std::move(loan), pool_);
    }
}

}  // namespace mlbilling::postgres
