#include "adapters/postgres/connection.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "adapters/postgres/failure.hpp"
#include "base/check.hpp"

namespace mlbilling::postgres {
namespace {

namespace asio = boost::asio;

constexpr int binary_format = 1;

/// The first line: what follows are hints for people at a terminal.
std::string first_line(const char* text) {
    const std::string_view all(text);
    return std::string(all.substr(0, all.find('\n')));
}

std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text != nullptr ? text : "";
}

bool is_error(const PGresult* result) {
    const auto status = PQresultStatus(result);
    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK &&
           status != PGRES_PIPELINE_SYNC && status != PGRES_EMPTY_QUERY;
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::Connection(LibpqConnection connection, const asio::any_io_executor& loop,
                       bool named_statements)
    // A descriptor of its own, so that neither closes the other's.
    : connection_(std::move(connection)),
      socket_(loop, ::dup(PQsocket(connection_.get()))),
      timer_(loop),
      named_statements_(named_statements) {
    watch_->connection = this;
    CHECK(PQsetnonblocking(connection_.get(), 1) == 0);
    CHECK(PQenterPipelineMode(connection_.get()) == 1);
}

Connection::~Connection() { watch_->connection = nullptr; }

Connection::Ticket Connection::send(Sql sql, const Parameters& parameters) {
    return queue(sql, parameters, Awaited::Kind::query);
}

void Connection::send_and_forget(Sql sql, const Parameters& parameters) {
    queue(sql, parameters, Awaited::Kind::forgotten);
}

void Connection::send_sync() {
    if (PQpipelineSync(connection_.get()) != 1) fail("sync");
    awaited_.push_back({.kind = Awaited::Kind::sync});
    unsynced_ = false;
}

Connection::Ticket Connection::queue(Sql sql, const Parameters& parameters, Awaited::Kind kind) {
    if (named_statements_) {
        send_prepared(sql, parameters);
    } else {
        send_unnamed(sql, parameters);
    }
    awaited_.push_back({.kind = kind, .ticket = ++last_ticket_, .sql = sql.c_str()});
    unsynced_ = true;
    return last_ticket_;
}

void Connection::send_unnamed(Sql sql, const Parameters& parameters) {
    const auto values = parameters.values();
    if (PQsendQueryParams(connection_.get(), sql.c_str(), parameters.count(),
                          parameters.types().data(), values.data(), parameters.lengths().data(),
                          parameters.formats().data(), binary_format) != 1)
        fail(sql.c_str());
}

void Connection::send_prepared(Sql sql, const Parameters& parameters) {
    auto& statement = statements_[sql.c_str()];
    if (statement.state == Statement::State::unknown) {
        if (statement.name.empty()) statement.name = "s" + std::to_string(statements_.size());
        if (PQsendPrepare(connection_.get(), statement.name.c_str(), sql.c_str(),
                          parameters.count(), parameters.types().data()) != 1)
            fail(sql.c_str());
        statement.state = Statement::State::sent;
        awaited_.push_back({.kind = Awaited::Kind::prepare,
                            .ticket = 0,
                            .statement = &statement,
                            .sql = sql.c_str()});
    }
    const auto values = parameters.values();
    if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), parameters.count(),
                            values.data(), parameters.lengths().data(), parameters.formats().data(),
                            binary_format) != 1)
        fail(sql.c_str());
}

Async<Rows> Connection::receive(Ticket ticket) {
    for (;;) {
        const auto place = std::ranges::find(arrived_, ticket, &std::pair<Ticket, Rows>::first);
        if (place != arrived_.end()) {
            auto rows = std::move(place->second);
            arrived_.erase(place);
            co_return rows;
        }
        CHECK(!awaited_.empty());
        co_await take_next();
    }
}

Async<void> Connection::receive_sync() {
    CHECK(!awaited_.empty() && awaited_.back().kind == Awaited::Kind::sync);
    while (!awaited_.empty()) co_await take_next();
}

Async<void> Connection::take_next() {
    // A sync rather than a flush: only then does the server count the transaction as idle, and end
    // it when its client says nothing more.
    if (unsynced_) send_sync();
    pg_result* raw = co_await next_result();
    Rows rows(raw);
    CHECK(!awaited_.empty());
    const auto awaited = awaited_.front();
    awaited_.pop_front();
    // Each command's result ends with a null.
    if (awaited.kind != Awaited::Kind::sync) CHECK(PQgetResult(connection_.get()) == nullptr);
    if (!is_error(raw)) {
        CHECK((PQresultStatus(raw) == PGRES_PIPELINE_SYNC) ==
              (awaited.kind == Awaited::Kind::sync));
        accept(awaited, std::move(rows));
        co_return;
    }
    if (awaited.statement != nullptr) awaited.statement->state = Statement::State::unknown;
    if (PQstatus(connection_.get()) == CONNECTION_BAD) fail(awaited.sql);
    throw StatementFailed(field(raw, PG_DIAG_SQLSTATE),
                          std::string(field(raw, PG_DIAG_MESSAGE_PRIMARY)) + " (" +
                              std::string(field(raw, PG_DIAG_SQLSTATE)) +
                              ") at: " + std::string(awaited.sql).substr(0, 300));
}

void Connection::accept(const Awaited& awaited, Rows rows) {
    switch (awaited.kind) {
        case Awaited::Kind::prepare: awaited.statement->state = Statement::State::ready; break;
        case Awaited::Kind::query: arrived_.emplace_back(awaited.ticket, std::move(rows)); break;
        case Awaited::Kind::forgotten:
        case Awaited::Kind::sync: break;
    }
}

Async<void> Connection::roll_back() {
    if (awaited_.empty() || awaited_.back().kind != Awaited::Kind::sync) send_sync();
    while (!awaited_.empty()) {
        pg_result* raw = co_await next_result();
        const Rows skipped(raw);
        const auto awaited = awaited_.front();
        awaited_.pop_front();
        if (awaited.kind != Awaited::Kind::sync) CHECK(PQgetResult(connection_.get()) == nullptr);
        if (awaited.statement != nullptr)
            awaited.statement->state =
                is_error(raw) ? Statement::State::unknown : Statement::State::ready;
        if (PQstatus(connection_.get()) == CONNECTION_BAD) fail("rollback");
    }
    arrived_.clear();
    if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) co_return;
    send_and_forget("ROLLBACK", {});
    send_sync();
    co_await receive_sync();
}

Async<pg_result*> Connection::next_result() {
    co_await flush();
    for (;;) {
        while (PQisBusy(connection_.get()) != 0) co_await wait_readable();
        // A null ends the results of a command, and stands after a sync.
        if (auto* result = PQgetResult(connection_.get())) co_return result;
        if (PQstatus(connection_.get()) == CONNECTION_BAD) fail("waiting for a result");
    }
}

Async<void> Connection::flush() {
    for (;;) {
        const int state = PQflush(connection_.get());
        if (state < 0) fail("sending");
        if (state == 0) co_return;
        // The server may want its results to be read before it reads on.
        co_await wait_either();
    }
}

Async<void> Connection::wait_readable() {
    boost::system::error_code error;
    if (!watch_->expired)
        co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (watch_->expired) {
        broken_ = true;
        throw ConnectionLost("the server does not answer");
    }
    if (error) {
        broken_ = true;
        throw boost::system::system_error(error);
    }
    consume();
}

Async<void> Connection::wait_either() {
    using Socket = asio::posix::stream_descriptor;
    auto group = asio::experimental::make_parallel_group(
        socket_.async_wait(Socket::wait_read, asio::deferred),
        socket_.async_wait(Socket::wait_write, asio::deferred));
    const auto [order, read_error, write_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (watch_->expired) {
        broken_ = true;
        throw ConnectionLost("the server does not read");
    }
    if (order[0] == 0 && !read_error) consume();
    const auto error = order[0] == 0 ? read_error : write_error;
    if (error) {
        broken_ = true;
        throw boost::system::system_error(error);
    }
}

void Connection::consume() {
    if (PQconsumeInput(connection_.get()) != 1) fail("reading");
}

void Connection::fail(const char* doing) const {
    throw ConnectionLost(first_line(PQerrorMessage(connection_.get())) +
                         " at: " + std::string(doing).substr(0, 300));
}

void Connection::watch(Duration limit) {
    *watch_ = {this, true, false};
    timer_.expires_after(limit);
    const auto deadline = timer_.expiry();
    timer_.async_wait([watch = watch_, deadline](const boost::system::error_code& error) {
        if (error || watch->connection == nullptr || !watch->armed) return;
        // It may be the handler of an earlier watch, which was due when it was stopped.
        if (watch->connection->timer_.expiry() != deadline) return;
        watch->expired = true;
        watch->connection->socket_.cancel();
    });
}

void Connection::stop_watch() {
    watch_->armed = false;
    timer_.cancel();
}

bool Connection::reusable() const {
    return !broken_ && awaited_.empty() && PQstatus(connection_.get()) == CONNECTION_OK &&
           PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

}  // namespace mlbilling::postgres
