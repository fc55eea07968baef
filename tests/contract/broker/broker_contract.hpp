#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "ports/broker.hpp"

namespace mlbilling::test {

/// One broker to be tested, empty at first, with what no port says.
class BrokerHarness {
  public:
    virtual ~BrokerHarness() = default;

    virtual boost::asio::io_context& loop() = 0;
    virtual Broker& broker() = 0;
    /// Lets the broker take note of all that was asked of it.
    virtual void settle() = 0;
    /// Makes the broker believe that every consumer is gone; returns when it can be used again.
    virtual void break_connections() = 0;
    virtual int task_capacity() const = 0;
    virtual int most_redeliveries() const = 0;
};

/// A broker's name in the test's name, and how to make it.
struct BrokerMaker {
    std::string name;
    std::function<std::unique_ptr<BrokerHarness>()> make;
};

/// What every broker promises (ports/broker.hpp). An adapter instantiates it with its maker.
class BrokerContract : public testing::TestWithParam<BrokerMaker> {
  protected:
    /// A coroutine in receive() that the test watches.
    struct Receiving;

    Published publish(const QueueName& queue, std::string body);
    ReceivedMessage receive(const QueueName& queue);
    /// Whether no message waits there: one of its own is the next that comes.
    bool is_empty(const QueueName& queue);
    void acknowledge(const ReceivedMessage& message);
    std::shared_ptr<Receiving> start_receiving(const QueueName& queue);
    /// Runs the loop until it has ended.
    void finish(const std::shared_ptr<Receiving>& receiving);

    std::unique_ptr<BrokerHarness> harness_ = GetParam().make();
};

}  // namespace mlbilling::test
