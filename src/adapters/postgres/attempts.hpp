#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/pool.hpp"

namespace mlbilling::postgres {

/// The attempts to get one operation done: how often, with what pauses, and for how long. All our
/// transactions may be repeated, since their keys are among their arguments, also when a lost
/// connection leaves open whether a commit took effect.
class Attempts {
  public:
    Attempts(Duration patience, boost::asio::any_io_executor loop);

    /// A connection, or nothing after a pause; throws Unavailable when the time is used up.
    Async<std::optional<Pool::Loan>> borrow(Pool& pool);

    void note(const StatementFailed& failure);
    void note(const ConnectionLost& failure);
    /// Does what the failure calls for: gives the connection back after a rollback, or closes it;
    /// pauses. Throws Unavailable when the time is used up; ends the process when the failure is
    /// our own mistake.
    Async<void> recover(Pool::Loan loan, Pool& pool);

  private:
    Async<void> pause();
    [[noreturn]] void give_up() const;

    boost::asio::any_io_executor loop_;
    std::chrono::steady_clock::time_point deadline_;
    int failures_ = 0;
    int races_ = 0;
    Remedy remedy_ = Remedy::none;
    std::string reason_;
};

}  // namespace mlbilling::postgres
