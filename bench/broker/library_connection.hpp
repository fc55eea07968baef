#pragma once

#include <amqp.h>
#include <amqp_framing.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "adapters/rabbitmq/address.hpp"

namespace mlbilling::bench {

/// A connection of librabbitmq 0.11 for one thread, with the library's own blocking input and
/// output, as carefully as its defects allow (reliability.md 2): what has come in is read before
/// anything is sent, deadlines for login and requests, and a note of when the thread went into the
/// library, for a watchdog that cuts a connection whose thread does not come back.
class LibraryConnection {
  public:
    /// Connects and opens channel 1. Throws Unavailable, as everything here does.
    LibraryConnection(const rabbitmq::Address& address, std::chrono::seconds heartbeat);
    ~LibraryConnection();
    LibraryConnection(const LibraryConnection&) = delete;
    LibraryConnection& operator=(const LibraryConnection&) = delete;

    amqp_connection_state_t raw() const { return connection_; }
    /// Waits until there is something to read or the event is set, at most that long.
    void wait(int event, std::chrono::milliseconds longest);
    /// Hands over every frame that has come in.
    void read_all(const std::function<void(const amqp_frame_t&)>& take);
    /// Calls the library where it may block.
    void call(const std::function<int()>& work);
    void check_answer();

    /// For the watchdog, from another thread: for how long the thread has been in the library.
    std::chrono::milliseconds stuck_for() const;
    /// For the watchdog: makes whatever blocks on the socket fail.
    void cut();

  private:
    using Clock = std::chrono::steady_clock;

    amqp_connection_state_t connection_;
    std::atomic<Clock::rep> entered_{0};
};

}  // namespace mlbilling::bench
