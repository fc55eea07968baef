#include "adapters/inprocess/queues.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/log.hpp"

namespace mlbilling::inprocess {

Queues::Queues(BrokerOptions options) : options_(options) {
    declare(task_queue());
    declare(dead_letter_queue());
}

void Queues::declare(const QueueName& queue) { queues_.try_emplace(queue); }

Published Queues::publish(const QueueName& name, Message message) {
    const auto found = queues_.find(name);
    if (found == queues_.end()) return Published::no_such_queue;
    auto& queue = found->second;
    const auto capacity = name == task_queue() ? options_.task_capacity : options_.other_capacity;
    if (queue.ready.size() >= capacity) return Published::full;
    queue.ready.push_back(Entry{std::move(message), next_sequence_++, 0});
    serve_waiters(name, queue);
    return Published::confirmed;
}

std::size_t Queues::room_for_tasks() const {
    const auto waiting = depth(task_queue());
    return options_.task_capacity - std::min(options_.task_capacity, waiting);
}

std::optional<ReceivedMessage> Queues::take(const QueueName& name) {
    auto& queue = queues_.at(name);
    if (queue.ready.empty() || !queue.waiters.empty()) return std::nullopt;
    return hand_out(name, queue);
}

Queues::WaiterPlace Queues::enqueue(const QueueName& name, Waiter* waiter) {
    auto& waiters = queues_.at(name).waiters;
    return waiters.insert(waiters.end(), waiter);
}

void Queues::forget(const QueueName& name, WaiterPlace place) {
    queues_.at(name).waiters.erase(place);
}

void Queues::put_back(std::uint64_t receipt) {
    if (auto out = end(receipt)) reinsert(out->queue, std::move(out->entry));
}

void Queues::reject(std::uint64_t receipt, std::string reason) {
    if (auto out = end(receipt)) bury(std::move(out->entry), std::move(reason));
}

void Queues::undeliver(std::uint64_t receipt) {
    auto out = end(receipt);
    if (!out) return;
    --out->entry.deliveries;
    reinsert(out->queue, std::move(out->entry));
}

void Queues::put_all_back() {
    auto all = std::exchange(out_, {});
    for (auto& [receipt, out] : all) reinsert(out.queue, std::move(out.entry));
}

std::size_t Queues::depth(const QueueName& queue) const {
    const auto found = queues_.find(queue);
    return found == queues_.end() ? 0 : found->second.ready.size();
}

std::optional<Queues::Out> Queues::end(std::uint64_t receipt) {
    const auto found = out_.find(receipt);
    if (found == out_.end()) return std::nullopt;
    auto out = std::move(found->second);
    out_.erase(found);
    return out;
}

ReceivedMessage Queues::hand_out(const QueueName& name, Queue& queue) {
    CHECK(!queue.ready.empty());
    auto entry = std::move(queue.ready.front());
    queue.ready.pop_front();
    const ReceivedMessage received{entry.message, next_receipt_++, entry.deliveries > 0};
    ++entry.deliveries;
    out_.emplace(received.receipt, Out{name, std::move(entry)});
    return received;
}

void Queues::serve_waiters(const QueueName& name, Queue& queue) {
    while (!queue.ready.empty() && !queue.waiters.empty()) {
        auto* waiter = queue.waiters.front();
        queue.waiters.pop_front();
        waiter->message = hand_out(name, queue);
        waiter->timer.cancel();
    }
}

void Queues::reinsert(const QueueName& name, Entry entry) {
    if (entry.deliveries > options_.most_redeliveries) {
        bury(std::move(entry), "delivered too often without being acknowledged");
        return;
    }
    auto& queue = queues_.at(name);
    const auto later = [&](const Entry& other) { return other.sequence > entry.sequence; };
    queue.ready.insert(std::ranges::find_if(queue.ready, later), std::move(entry));
    serve_waiters(name, queue);
}

void Queues::bury(Entry entry, std::string reason) {
    log::warning("message went to the dead letters",
                 {{"message_id", entry.message.message_id}, {"reason", reason}});
    auto& queue = queues_.at(dead_letter_queue());
    if (queue.ready.size() >= options_.other_capacity) {
        log::error("dead letters overflow: the oldest is forgotten");
        queue.ready.pop_front();
    }
    entry.message.headers["x-reason"] = std::move(reason);
    queue.ready.push_back(Entry{std::move(entry.message), next_sequence_++, 0});
    serve_waiters(dead_letter_queue(), queue);
}

}  // namespace mlbilling::inprocess
