#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>

#include "ports/async.hpp"

namespace mlbilling::sandbox {

/// Wakes one coroutine. A call of raise() before the wait is not lost.
class Wake {
  public:
    explicit Wake(boost::asio::any_io_executor executor)
        : timer_(std::move(executor), boost::asio::steady_timer::time_point::max()) {}

    void raise();
    /// Returns true when it was raised since the last wait; this must live until then.
    Async<bool> wait();

  private:
    boost::asio::steady_timer timer_;
    bool raised_ = false;
};

/// Coroutines that wait for a change of a chat.
class ChatWatch {
  public:
    /// Stands on the list while it lives.
    class Watcher {
      public:
        Watcher(ChatWatch& watch, boost::asio::any_io_executor executor, std::int64_t chat);
        ~Watcher();
        Watcher(const Watcher&) = delete;
        Watcher& operator=(const Watcher&) = delete;
        Async<bool> wait() { return wake_.wait(); }

      private:
        friend class ChatWatch;
        ChatWatch& watch_;
        Wake wake_;
        std::multimap<std::int64_t, Watcher*>::iterator place_;
    };

    void raise(std::int64_t chat);
    void raise_all();

  private:
    std::multimap<std::int64_t, Watcher*> watchers_;
};

}  // namespace mlbilling::sandbox
