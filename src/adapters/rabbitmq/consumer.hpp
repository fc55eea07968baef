#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "adapters/rabbitmq/acknowledgements.hpp"
#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/connection_listener.hpp"
#include "adapters/rabbitmq/options.hpp"
#include "adapters/rabbitmq/pending.hpp"
#include "adapters/rabbitmq/topology.hpp"
#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// Receives and acknowledges, over whatever connection there is. A queue is read from its first
/// receive() until its last waiting one is cancelled.
class Consumer final : public ConnectionListener, public std::enable_shared_from_this<Consumer> {
  public:
    Consumer(boost::asio::any_io_executor loop, const BrokerOptions& options)
        : loop_(loop), options_(options), topology_(std::move(loop), options.topology) {}

    /// Makes a new connection ready: its channels and all queues. Throws Unavailable, or Refused.
    Async<void> take_over(std::shared_ptr<Connection> connection);
    Topology& topology() { return topology_; }

    /// Throws Unavailable when the connection breaks or the queue is not there.
    static Async<ReceivedMessage> receive(std::shared_ptr<Consumer> self, QueueName queue);
    /// Receipts of an earlier connection are ignored by all three: the broker gives those messages
    /// out again.
    void acknowledge(std::uint64_t receipt);
    void put_back(std::uint64_t receipt);
    /// A copy of the message that is out under the receipt.
    std::optional<Message> find(std::uint64_t receipt) const;

    void delivered(Delivery delivery) override;
    void consumer_cancelled(const std::string& consumer) override;
    void before_sending() override;
    void lost(const std::string& why) override;

  private:
    using Waiter = std::shared_ptr<Pending<ReceivedMessage>>;
    struct Subscription {
        enum class State { idle, starting, active };
        State state = State::idle;
        /// Names it to the broker; another one each time it starts.
        std::string consumer;
        /// Delivered, and wanted by nobody yet.
        std::deque<ReceivedMessage> ready;
        std::list<Waiter> waiters;
    };
    struct Out {
        std::uint64_t tag = 0;
        Message message;
    };
    class Waiting;

    static Async<void> start(std::shared_ptr<Consumer> self, QueueName queue);
    Async<void> consume(std::shared_ptr<Connection> connection, QueueName queue,
                        std::string consumer);
    void start_reading(const QueueName& queue, Subscription& subscription);
    void failed_to_start(const QueueName& queue, const std::string& consumer,
                         const std::string& why);
    void stop_reading(Subscription& subscription);
    void hand_out(Subscription& subscription);
    void give_back(std::uint64_t tag);
    void refuse(std::uint64_t tag);

    boost::asio::any_io_executor loop_;
    const BrokerOptions options_;
    Topology topology_;
    std::shared_ptr<Connection> connection_;
    std::map<QueueName, Subscription> subscriptions_;
    std::unordered_map<std::uint64_t, Out> out_;
    Acknowledgements acknowledgements_;
    std::uint64_t next_receipt_ = 1;
    std::uint64_t next_consumer_ = 1;
};

}  // namespace mlbilling::rabbitmq
