#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

#include "adapters/postgres/attempts.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/pool.hpp"
#include "adapters/postgres/session.hpp"
#include "ports/clock.hpp"

namespace mlbilling::postgres {

/// What an operation does to the book.
enum class Access {
    read,          ///< one snapshot
    report,        ///< the same, reads much and takes long
    write,         ///< the commit waits for the disk
    relaxed_write  ///< it need not: should the server crash, the sweep mends what is gone
};

/// The database as operations see it: each runs in one transaction, which is repeated as a whole
/// when it lost a race or its connection, until it is done or the time for it is used up. On the
/// loop only.
class Database {
  public:
    /// With a clock, that clock tells the time; without, the database's own.
    Database(const Options& options, const boost::asio::any_io_executor& loop, const Clock* clock);

    /// Runs `function(session)`, a coroutine's call, within a transaction and returns its result.
    /// It may be called several times, so it keeps its arguments. Throws Unavailable.
    template <class Function>
    auto transact(Access access, Function function) -> std::invoke_result_t<Function&, Session&>;

    /// Runs one statement that is a transaction by itself: one round trip. `parameters` may begin
    /// with the moment, NULL for the database's own clock (add_moment). Throws Unavailable.
    Async<Rows> execute(Sql sql, Parameters parameters, Access access = Access::write);
    /// Adds the test's moment, or NULL for the database's.
    void add_moment(Parameters& parameters) const;

    const Options& options() const { return options_; }
    const boost::asio::any_io_executor& loop() const { return loop_; }

  private:
    Async<Session> begin(Connection& connection, Access access);
    Async<void> commit(Connection& connection);
    void begin_pooled(Connection& connection, Access access);
    Connection::Ticket send_alone(Connection& connection, Sql sql, const Parameters& parameters,
                                  Access access);
    Duration limit_of(Access access) const;

    Options options_;
    boost::asio::any_io_executor loop_;
    const Clock* clock_;
    Pool pool_;
};

// The function and the database outlive the wait: the one is the caller's, the other a port's.
template <class Function>
auto Database::transact(Access access, Function function)
    -> std::invoke_result_t<Function&, Session&> {
    using Value = typename std::invoke_result_t<Function&, Session&>::value_type;
    Attempts attempts(options_.patience, loop_);
    for (;;) {
        auto loan = co_await attempts.borrow(pool_);
        if (!loan) continue;
        try {
            auto session = co_await begin(**loan, access);
            if constexpr (std::is_void_v<Value>) {
                co_await function(session);
                co_await commit(**loan);
                co_return;
            } else {
                auto value = co_await function(session);
                co_await commit(**loan);
                co_return value;
            }
        } catch (const StatementFailed& failure) {
            attempts.note(failure);
        } catch (const ConnectionLost& failure) {
            attempts.note(failure);
        }
        co_await attempts.recover(*std::move(loan), pool_);
    }
}

}  // namespace mlbilling::postgres
