#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <set>
#include <string>

#include "ports/broker.hpp"

namespace mlbilling::test {

/// Tasks that are published and taken at the same time, each published once, for as long as it is
/// wanted. As the service does, it goes on after every outage.
class Traffic {
  public:
    Traffic(boost::asio::io_context& loop, Broker& broker) : loop_(loop), broker_(broker) {}

    /// Begins, with a few of each at a time. The coroutines end with the loop.
    void start();
    /// Nothing new is published; what is on its way arrives, and is taken.
    void stop_publishing() { publishing_ = false; }
    /// Runs the loop until it is so.
    void run_until(const std::function<bool()>& so);

    /// How many were begun, which numbers them.
    std::size_t begun() const { return begun_; }
    /// Those that the broker has confirmed, and those that have come out of the queue.
    const std::set<std::size_t>& confirmed() const { return confirmed_; }
    const std::set<std::size_t>& received() const { return received_; }
    /// How many of those from that number on are confirmed.
    std::size_t confirmed_since(std::size_t first) const;
    bool is_all_received() const;

  private:
    Async<void> publish();
    Async<void> publish_one();
    Async<void> receive();
    Async<void> receive_one();

    boost::asio::io_context& loop_;
    Broker& broker_;
    bool publishing_ = true;
    std::size_t under_way_ = 0;
    std::size_t begun_ = 0;
    std::set<std::size_t> confirmed_;
    std::set<std::size_t> received_;
};

}  // namespace mlbilling::test
