#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/rabbitmq/address.hpp"
#include "adapters/rabbitmq/options.hpp"
#include "base/result.hpp"
#include "ports/broker.hpp"
#include "ports/random.hpp"

namespace mlbilling::rabbitmq {

/// RabbitMQ 3.10 to 4.x: `tasks` and `tasks.dead` as quorum queues, reply queues as classic ones
/// with an expiry (reliability.md 1.4), one connection to publish and one to consume. The library
/// encodes and decodes; the sockets are the event loop's, so that no state of the broker or of the
/// network can stop it (reliability.md 2 lists how the library's own input and output can).
///
/// While the broker is away every call throws Unavailable, after one round through all addresses at
/// the latest; the connections come back by themselves. For one event loop; destroyed before it.
class RabbitmqBroker final : public Broker {
  public:
    /// Connects at once, in the background. `random` outlives the loop.
    RabbitmqBroker(boost::asio::any_io_executor loop, std::vector<Address> addresses,
                   const BrokerOptions& options, Random& random);
    ~RabbitmqBroker() override;
    RabbitmqBroker(const RabbitmqBroker&) = delete;
    RabbitmqBroker& operator=(const RabbitmqBroker&) = delete;

    Async<void> declare(QueueName queue) override;
    /// `full` also while the broker is short of memory or disk. Throws Unavailable when no confirm
    /// comes in time; the message may have got there all the same.
    Async<Published> publish(QueueName queue, Message message) override;
    /// Asks the broker as seldom as TaskRoom allows; 0 while it takes nothing.
    Async<int> room() override;
    /// A message larger than anybody reads is made a dead letter of, and comes empty from a queue
    /// other than `tasks`.
    Async<ReceivedMessage> receive(QueueName queue) override;
    Async<void> acknowledge(std::uint64_t receipt) override;
    Async<void> return_to_queue(std::uint64_t receipt) override;
    Async<void> reject(std::uint64_t receipt, std::string reason) override;

    /// Waits until the first round of connecting is over. The broker's version, or why it cannot be
    /// used: for the start of a process, and for doctor.
    Async<Result<std::string>> check();
    /// Why it is not usable now, if it is not; and whether that needs the operator.
    std::optional<std::string> problem() const;
    bool is_refused() const;
    /// Lets acknowledgements arrive and takes leave of the broker. After it every call throws
    /// Unavailable.
    Async<void> close();

  private:
    struct State;

    static Async<Published> publish_to(std::shared_ptr<State> state, QueueName queue,
                                       Message message);
    static Async<void> doubt(std::shared_ptr<State> state, QueueName queue);
    static Async<Published> publish_task(std::shared_ptr<State> state, Message message);
    static Async<void> learn_depth(std::shared_ptr<State> state);
    static Async<int> room_of(std::shared_ptr<State> state);
    static Async<ReceivedMessage> receive_from(std::shared_ptr<State> state, QueueName queue);
    static Async<void> declare_on(std::shared_ptr<State> state, QueueName queue);
    static Async<bool> bury(std::shared_ptr<State> state, Message message);
    static Async<void> reject_on(std::shared_ptr<State> state, std::uint64_t receipt,
                                 std::string reason);
    static Async<Result<std::string>> check_on(std::shared_ptr<State> state);
    static Async<void> close_all(std::shared_ptr<State> state);

    std::shared_ptr<State> state_;
};

}  // namespace mlbilling::rabbitmq
