#include "simulation/broker.hpp"

#include <algorithm>

namespace mlbilling::simulation {
namespace {

constexpr std::size_t capacity = 40;

}  // namespace

void BrokerServer::put(const QueueName& queue, Message message) {
    auto& messages = queues_[queue];
    const bool twice = world_.happens(world_.rates.broker_duplicate);
    const bool first = world_.happens(world_.rates.broker_reorder);
    if (twice) messages.push_back(message);
    if (first)
        messages.push_front(std::move(message));
    else
        messages.push_back(std::move(message));
}

std::optional<ReceivedMessage> BrokerServer::take(const QueueName& queue, const Process& holder) {
    auto& messages = queues_[queue];
    if (messages.empty()) return std::nullopt;
    ReceivedMessage received;
    received.message = std::move(messages.front());
    received.receipt = next_receipt_++;
    messages.pop_front();
    held_[received.receipt] = {queue, received.message, &holder};
    return received;
}

void BrokerServer::return_one(std::uint64_t receipt) {
    const auto found = held_.find(receipt);
    if (found == held_.end()) return;
    queues_[found->second.queue].push_front(std::move(found->second.message));
    held_.erase(found);
}

void BrokerServer::reject(std::uint64_t receipt) {
    if (held_.erase(receipt) > 0) ++dead_;
}

void BrokerServer::lost(const Process& holder) {
    for (auto it = held_.begin(); it != held_.end();) {
        if (it->second.holder == &holder) {
            queues_[it->second.queue].push_front(std::move(it->second.message));
            it = held_.erase(it);
        } else {
            ++it;
        }
    }
}

void BrokerServer::wipe() {
    queues_.clear();
    held_.clear();
}

std::size_t BrokerServer::depth(const QueueName& queue) const {
    const auto found = queues_.find(queue);
    return found == queues_.end() ? 0 : found->second.size();
}

Async<void> BrokerWay::declare(QueueName) {
    co_await process_.before("declare");
    co_await process_.after("declare");
}

Async<Published> BrokerWay::publish(QueueName queue, Message message) {
    co_await process_.before("publish");
    if (server_.depth(queue) >= capacity) co_return Published::full;
    server_.put(queue, std::move(message));
    if (process_.world().happens(process_.world().rates.broker_wipe)) {
        process_.world().dice.note("broker wiped");
        ++process_.world().faults;
        server_.wipe();
    }
    co_await process_.after("publish");
    co_return Published::confirmed;
}

Async<int> BrokerWay::room() {
    const auto depth = server_.depth(task_queue());
    co_return static_cast<int>(capacity - std::min(depth, capacity));
}

Async<ReceivedMessage> BrokerWay::receive(QueueName queue) {
    co_await process_.before("receive");
    auto received = server_.take(queue, process_);
    while (!received) {
        co_await process_.sleep(Duration(200));
        received = server_.take(queue, process_);
    }
    co_return *received;
}

Async<void> BrokerWay::acknowledge(std::uint64_t receipt) {
    co_await process_.before("acknowledge");
    server_.acknowledge(receipt);
    co_await process_.after("acknowledge");
}

Async<void> BrokerWay::return_to_queue(std::uint64_t receipt) {
    co_await process_.before("return");
    server_.return_one(receipt);
}

Async<void> BrokerWay::reject(std::uint64_t receipt, std::string) {
    co_await process_.before("reject");
    server_.reject(receipt);
}

}  // namespace mlbilling::simulation
