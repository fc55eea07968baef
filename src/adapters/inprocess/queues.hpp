#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>

#include "adapters/inprocess/broker.hpp"

namespace mlbilling::inprocess {

struct Entry {
    Message message;
    /// Order of publishing, to put a message back where it stood.
    std::uint64_t sequence = 0;
    int deliveries = 0;
};

/// A coroutine that waits in receive(). The message is handed to it before it wakes, so that a
/// later receive() cannot overtake it.
struct Waiter {
    boost::asio::steady_timer timer;
    std::optional<ReceivedMessage> message;
};

/// All queues and what is out of them; no coroutines. Every method leaves no queue with both a
/// waiter and a message.
class Queues {
  public:
    explicit Queues(BrokerOptions options);

    void declare(const QueueName& queue);
    bool exists(const QueueName& queue) const { return queues_.contains(queue); }
    Published publish(const QueueName& queue, Message message);
    std::size_t room_for_tasks() const;
    /// The next message, unless there is none or others wait for it already.
    std::optional<ReceivedMessage> take(const QueueName& queue);

    using WaiterPlace = std::list<Waiter*>::iterator;
    WaiterPlace enqueue(const QueueName& queue, Waiter* waiter);
    void forget(const QueueName& queue, WaiterPlace place);

    /// These three ignore a receipt that is not out: its connection broke, and the message came
    /// again.
    void acknowledge(std::uint64_t receipt) { out_.erase(receipt); }
    void put_back(std::uint64_t receipt);
    void reject(std::uint64_t receipt, std::string reason);
    /// As if it had never been handed out: does not count as a delivery.
    void undeliver(std::uint64_t receipt);
    void put_all_back();

    std::size_t depth(const QueueName& queue) const;
    std::size_t out() const { return out_.size(); }

  private:
    struct Queue {
        std::deque<Entry> ready;
        std::list<Waiter*> waiters;
    };
    struct Out {
        QueueName queue;
        Entry entry;
    };

    std::optional<Out> end(std::uint64_t receipt);
    ReceivedMessage hand_out(const QueueName& name, Queue& queue);
    void serve_waiters(const QueueName& name, Queue& queue);
    void reinsert(const QueueName& name, Entry entry);
    void bury(Entry entry, std::string reason);

    BrokerOptions options_;
    std::map<QueueName, Queue> queues_;
    std::map<std::uint64_t, Out> out_;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t next_receipt_ = 1;
};

}  // namespace mlbilling::inprocess
