#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <string>
#include <utility>

#include "adapters/postgres/database.hpp"
#include "base/unavailable.hpp"
#include "support/postgres_server.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

using postgres::Access;
using postgres::Database;
using postgres::Parameters;
using postgres::Rows;
using postgres::Session;

/// A database of a real server with a small table, and a client of it.
class PostgresClient : public testing::Test {
  protected:
    PostgresClient() {
        database_.execute("CREATE TABLE accounts (id int PRIMARY KEY, credits int NOT NULL)");
        database_.execute("INSERT INTO accounts VALUES (1, 100), (2, 200)");
    }

    postgres::Options options() const {
        postgres::Options options;
        options.url = database_.url();
        return options;
    }
    Database client(const postgres::Options& options) {
        return Database(options, loop_.get_executor(), nullptr);
    }

    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    void run(Async<void> work) { test::run(loop_, std::move(work)); }

    /// Runs the loop until the query's value is that; each look is one of the server's own time.
    void run_until(const std::string& query, const std::string& value) {
        loop_.restart();
        while (database_.value(query) != value) loop_.poll();
    }

    PostgresDatabase& database() { return database_; }
    boost::asio::io_context& loop() { return loop_; }

  private:
    PostgresDatabase database_{PostgresServer::shared()};
    boost::asio::io_context loop_;
};

/// Something that runs on the loop while the test looks at what it does.
template <class T>
class Running {
  public:
    Running(boost::asio::io_context& loop, Async<T> work) : loop_(loop) {
        boost::asio::co_spawn(loop, std::move(work), [this](std::exception_ptr error, T value) {
            error_ = error;
            value_ = std::move(value);
            done_ = true;
        });
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    bool done() const { return done_; }
    T result() {
        loop_.restart();
        while (!done_ && loop_.run_one() > 0) {
        }
        if (error_) std::rethrow_exception(error_);
        return std::move(value_);
    }

  private:
    boost::asio::io_context& loop_;
    bool done_ = false;
    std::exception_ptr error_;
    T value_{};
};

}  // namespace mlbilling::test
