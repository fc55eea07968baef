#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <string>

#include "ports/async.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Owns the coroutines that nobody awaits: whoever owns this waits for all of them before they go
/// away.
class Background {
  public:
    explicit Background(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    /// Starts the work on the loop. An exception that it ends with is logged under its name:
    /// whoever needs to know of a failure deals with it within the work.
    void start(const char* name, Async<void> work);

    /// Returns when nothing is running any more.
    Async<void> drained();

    /// Asks everything that runs to end now; drained() tells when it has.
    void cancel();

    std::size_t running() const { return running_.size(); }

  private:
    struct Entry {
        boost::asio::cancellation_signal signal;
    };
    using Place = std::list<std::shared_ptr<Entry>>::iterator;

    void ended(const char* name, Place place, std::exception_ptr error);

    boost::asio::any_io_executor executor_;
    std::list<std::shared_ptr<Entry>> running_;
    Event one_ended_;
};

}  // namespace mlbilling::bot
