#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ports/broker.hpp"
#include "simulation/process.hpp"

namespace mlbilling::simulation {

/// The broker's side of the world: keeps what was published until it is acknowledged, gives back
/// what a dead process held, and may be wiped at any time.
class BrokerServer {
  public:
    struct Held {
        QueueName queue;
        Message message;
        const Process* holder = nullptr;
    };

    explicit BrokerServer(World& world) : world_(world) {}

    void put(const QueueName& queue, Message message);
    std::optional<ReceivedMessage> take(const QueueName& queue, const Process& holder);
    bool acknowledge(std::uint64_t receipt) { return held_.erase(receipt) > 0; }
    void return_one(std::uint64_t receipt);
    void reject(std::uint64_t receipt);
    /// The connection of a process is gone: what it held is delivered again.
    void lost(const Process& holder);
    /// All that waits in the queue, for a reader without faults.
    std::deque<Message> drain(const QueueName& queue) { return std::exchange(queues_[queue], {}); }
    /// rabbitmqctl reset.
    void wipe();

    std::size_t depth(const QueueName& queue) const;
    std::size_t dead_letters() const { return dead_; }

  private:
    World& world_;
    std::map<QueueName, std::deque<Message>> queues_;
    std::map<std::uint64_t, Held> held_;
    std::uint64_t next_receipt_ = 1;
    std::size_t dead_ = 0;
};

/// One process's connection to it.
class BrokerWay final : public Broker {
  public:
    BrokerWay(Process& process, BrokerServer& server) : process_(process), server_(server) {}
    ~BrokerWay() override { server_.lost(process_); }

    Async<void> declare(QueueName queue) override;
    Async<Published> publish(QueueName queue, Message message) override;
    Async<int> room() override;
    Async<ReceivedMessage> receive(QueueName queue) override;
    Async<void> acknowledge(std::uint64_t receipt) override;
    Async<void> return_to_queue(std::uint64_t receipt) override;
    Async<void> reject(std::uint64_t receipt, std::string reason) override;

  private:
    Process& process_;
    BrokerServer& server_;
};

}  // namespace mlbilling::simulation
