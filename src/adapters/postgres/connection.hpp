#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/postgres/parameters.hpp"
#include "adapters/postgres/result.hpp"
#include "adapters/postgres/sql.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"

struct pg_conn;

namespace mlbilling::postgres {

struct CloseConnection {
    void operator()(pg_conn* connection) const;
};
using LibpqConnection = std::unique_ptr<pg_conn, CloseConnection>;

/// A session with the server in libpq's pipeline mode: statements are queued by `send`, their
/// results come in the same order (PostgreSQL documentation 34.5). Used by one coroutine at a time,
/// on the loop. Whatever waits throws ConnectionLost, StatementFailed, or what a cancellation
/// throws; after the first and the last the connection is of no use.
class Connection {
  public:
    using Ticket = std::uint64_t;

    /// Takes over a connection that is established. Without `named_statements` nothing is prepared,
    /// as a pooler in transaction mode requires.
    Connection(LibpqConnection connection, const boost::asio::any_io_executor& loop,
               bool named_statements);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Queues the statement; nothing waits. The ticket fetches its rows.
    Ticket send(Sql sql, const Parameters& parameters);
    /// Queues one whose rows nobody wants; that it failed is noticed by whoever waits next.
    void send_and_forget(Sql sql, const Parameters& parameters);
    /// Ends what an error makes the server skip; an implicit transaction is committed here.
    void send_sync();

    Async<Rows> receive(Ticket ticket);
    /// Waits for the sync that was sent last.
    Async<void> receive_sync();
    /// After a StatementFailed: leaves the failed transaction.
    Async<void> roll_back();

    /// From now on, all waiting together may take this long, until `stop_watch`.
    void watch(Duration limit);
    void stop_watch();

    /// Whether it is alive, outside any transaction, and owes no results.
    bool reusable() const;

  private:
    struct Statement {
        std::string name;
        enum class State { unknown, sent, ready } state = State::unknown;
    };
    /// Something that was sent and whose result has yet to come.
    struct Awaited {
        enum class Kind { prepare, query, forgotten, sync } kind = Kind::query;
        Ticket ticket = 0;
        Statement* statement = nullptr;
        const char* sql = "";
    };
    /// Shared with the timer's handler, which may run when the connection is gone.
    struct Watch {
        Connection* connection = nullptr;
        bool armed = false;
        bool expired = false;
    };

    Ticket queue(Sql sql, const Parameters& parameters, Awaited::Kind kind);
    void send_unnamed(Sql sql, const Parameters& parameters);
    void send_prepared(Sql sql, const Parameters& parameters);
    /// Takes the next result off the wire; throws when it is an error.
    Async<void> take_next();
    void accept(const Awaited& awaited, Rows rows);
    Async<pg_result*> next_result();
    Async<void> flush();
    Async<void> wait_readable();
    Async<void> wait_either();
    void consume();
    [[noreturn]] void fail(const char* doing) const;

    LibpqConnection connection_;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<Watch> watch_ = std::make_shared<Watch>();
    bool named_statements_;
    std::unordered_map<const void*, Statement> statements_;
    std::deque<Awaited> awaited_;
    std::vector<std::pair<Ticket, Rows>> arrived_;
    Ticket last_ticket_ = 0;
    bool unsynced_ = false;
    bool broken_ = false;
};

}  // namespace mlbilling::postgres
