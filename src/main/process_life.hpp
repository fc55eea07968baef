#pragma once

#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>

#include "ports/clock.hpp"
#include "ports/event.hpp"

namespace mlbilling {

/// From the start of a process to its drained end: SIGTERM and SIGINT end the intake, what is in
/// flight is finished within the shutdown timeout, and a second signal ends the process at once
/// (interface.md, Commands).
class ProcessLife {
  public:
    ProcessLife(boost::asio::io_context& loop, Clock& clock, Duration shutdown_timeout)
        : loop_(loop), clock_(clock), shutdown_timeout_(shutdown_timeout) {}

    /// Runs `work` on the loop until it has ended; `drain` tells it to end, once. Returns the
    /// process's exit code; the work's exceptions pass through.
    int run(Async<void> work, std::function<void()> drain);

    /// Set when the process has been told to end.
    Event ending() const { return ending_; }

  private:
    /// Runs beside the work. Without it the process could not be ended in order, so its failure
    /// ends it at once.
    void watch(Async<void> watcher);
    Async<void> drain_on_signal(std::function<void()> drain);
    Async<void> enforce_shutdown_timeout();

    boost::asio::io_context& loop_;
    Clock& clock_;
    Duration shutdown_timeout_;
    Event ending_;
    std::exception_ptr failure_;
};

}  // namespace mlbilling
