#pragma once

#include <cstddef>
#include <memory>

#include "ports/broker.hpp"

namespace mlbilling::inprocess {

struct BrokerOptions {
    /// Messages that wait in `tasks` at most; two to three times the workers' slots (design.md).
    std::size_t task_capacity = 192;
    /// Messages that wait in each other queue at most. Beyond it, the dead letters forget their
    /// oldest.
    std::size_t other_capacity = 10'000;
    /// How often a message may come again before it goes to the dead letters.
    int most_redeliveries = 5;
};

/// The queues of `serve`: first in, first out, at-least-once within the life of the process. The
/// database is the truth, so that nothing is lost with it (design.md, Nothing is lost). `tasks` and
/// `tasks.dead` always exist; to receive from a queue that does not throws Unavailable. For one
/// event loop; it may be destroyed while coroutines still wait in receive().
class InProcessBroker final : public Broker {
  public:
    explicit InProcessBroker(BrokerOptions options = {});
    ~InProcessBroker() override;

    Async<void> declare(QueueName queue) override;
    Async<Published> publish(QueueName queue, Message message) override;
    Async<int> room() override;
    /// A waiter that is cancelled loses nothing: what was on its way to it goes back to the front.
    Async<ReceivedMessage> receive(QueueName queue) override;
    Async<void> acknowledge(std::uint64_t receipt) override;
    Async<void> return_to_queue(std::uint64_t receipt) override;
    Async<void> reject(std::uint64_t receipt, std::string reason) override;

    /// What a broker does when its consumers' connections break: every message that was received
    /// but not acknowledged goes back to the front of its queue, in its old order, and the old
    /// receipts mean nothing any more.
    void return_unacknowledged();

    /// Messages that wait in the queue; 0 for an unknown one.
    std::size_t depth(const QueueName& queue) const;
    std::size_t unacknowledged() const;

  private:
    struct State;
    static Async<ReceivedMessage> receive_from(std::shared_ptr<State> state, QueueName queue);
    std::shared_ptr<State> state_;
};

}  // namespace mlbilling::inprocess
