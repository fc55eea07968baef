#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <vector>

#include "adapters/postgres/connector.hpp"

namespace mlbilling::postgres {

/// Connections that are lent to one operation after the other, in the order in which they asked.
/// On the loop only; it may be destroyed while coroutines wait, which then wait until they are
/// cancelled.
class Pool {
  public:
    Pool(const Options& options, const boost::asio::any_io_executor& loop);
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Gives the connection back when it goes; one that is of no use is closed.
    class Loan {
      public:
        Loan(std::shared_ptr<struct PoolState> state, std::unique_ptr<Connection> connection);
        Loan(Loan&&) noexcept = default;
        Loan& operator=(Loan&&) = delete;
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        ~Loan();

        bool empty() const { return connection_ == nullptr; }
        void fill(std::unique_ptr<Connection> connection) { connection_ = std::move(connection); }

        void close() { connection_.reset(); }

        Connection& operator*() const { return *connection_; }
        Connection* operator->() const { return connection_.get(); }

      private:
        std::shared_ptr<struct PoolState> state_;
        std::unique_ptr<Connection> connection_;
    };

    /// Lends a connection, opened now if none is idle and the limit allows it. Throws
    /// ConnectionLost when none can be had by the deadline.
    Async<Loan> borrow(std::chrono::steady_clock::time_point deadline);

    bool transaction_pooler() const;
    /// Closes what is idle, e.g. after one of them was found to be lost.
    void close_idle();

  private:
    std::shared_ptr<struct PoolState> state_;
};

}  // namespace mlbilling::postgres
