#pragma once

#include "adapters/postgres/connection.hpp"
#include "base/time.hpp"

namespace mlbilling::postgres {

/// What an operation works with: the connection inside its transaction, and the one moment that the
/// whole operation takes place at.
///
/// A statement is sent when `query` or `run` is called, not when it is awaited, so several may be
/// under way in one round trip:
///
///     auto first = session.query("SELECT …", id);
///     auto second = session.query("SELECT …", id);
///     auto rows = co_await std::move(first);
class Session {
  public:
    Session(Connection& connection, Time moment) : now(moment), connection_(connection) {}

    /// The statement's rows.
    template <class... Values>
    Async<Rows> query(Sql sql, const Values&... values) {
        return query_with(sql, Parameters::of(values...));
    }
    /// The same with parameters that were put together before, e.g. arrays.
    Async<Rows> query_with(Sql sql, const Parameters& parameters) {
        return connection_.receive(connection_.send(sql, parameters));
    }
    /// How many rows the statement changed.
    template <class... Values>
    Async<int> run(Sql sql, const Values&... values) {
        return affected(query_with(sql, Parameters::of(values...)));
    }
    /// Sends a statement whose effect need not be looked at; should it fail, so does the
    /// transaction.
    template <class... Values>
    void send(Sql sql, const Values&... values) {
        connection_.send_and_forget(sql, Parameters::of(values...));
    }

    /// The database's clock at the transaction's begin, or the test's.
    const Time now;

  private:
    static Async<int> affected(Async<Rows> rows) {
        const auto result = co_await std::move(rows);
        co_return result.affected();
    }

    Connection& connection_;
};

}  // namespace mlbilling::postgres
