#pragma once

#include <cstdint>
#include <memory>
#include <set>

#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/options.hpp"
#include "adapters/rabbitmq/turns.hpp"
#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// The queues, on a channel of their own: a request that the broker refuses closes its channel.
/// What was declared once is declared again after every reconnection.
class Topology {
  public:
    Topology(boost::asio::any_io_executor loop, const TopologyOptions& options)
        : options_(options), turns_(std::move(loop)) {}

    /// Makes all queues on a new connection. Throws Unavailable, or Refused when the broker is too
    /// old or has one of them made otherwise.
    Async<void> restore(std::shared_ptr<Connection> connection);
    void lost() { connection_.reset(); }

    /// All throw Unavailable, or Refused. `tasks` and `tasks.dead` are made together; any other
    /// name is a reply queue.
    Async<void> declare(QueueName queue);
    /// Declares it again if it is ours, else looks whether it exists.
    Async<void> ensure(QueueName queue);
    /// Messages that wait in the queue.
    Async<std::int64_t> depth(QueueName queue);

  private:
    Async<Answer> ask(QueueName queue, bool passive);
    Async<void> declare_one(QueueName queue);
    Async<void> open_channel(std::shared_ptr<Connection> connection);

    TopologyOptions options_;
    Turns turns_;
    std::shared_ptr<Connection> connection_;
    bool channel_open_ = false;
    std::set<QueueName> replies_;
};

}  // namespace mlbilling::rabbitmq
