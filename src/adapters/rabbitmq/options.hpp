#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "ports/broker.hpp"

namespace mlbilling::rabbitmq {

/// How the queues are made. The broker keeps it for as long as a queue lives and refuses whoever
/// wants it otherwise, so it must be the same in every process and must not depend on their sizes.
struct TopologyOptions {
    /// How often a message may come again before it goes to the dead letters: far above what
    /// crashes of whole workers make of it, because the store counts the attempts
    /// (reliability.md 1.2).
    int delivery_limit = 10;
    /// Messages in `tasks` at most, those of other producers too; ours stop long before
    /// (BrokerOptions::task_capacity).
    std::int64_t most_tasks = 100'000;
    std::int64_t most_dead_letters = 100'000;
    std::int64_t most_replies = 100'000;
    std::int64_t capacity_of(const QueueName& queue) const {
        if (queue == task_queue()) return most_tasks;
        return queue == dead_letter_queue() ? most_dead_letters : most_replies;
    }
    /// A reply queue that nobody reads is removed after this.
    Duration reply_queue_expiry{30 * 60'000};
    /// How long a worker may keep a message, above the longest task.
    Duration longest_delivery{4 * 3'600'000};
};

struct BrokerOptions {
    /// What the broker's operator sees as the connection's name.
    std::string connection_name = "mlbilling";
    /// Messages that wait in `tasks` beyond which we publish no more: two to three times the
    /// workers' slots (design.md).
    int task_capacity = 192;
    /// Tasks that this process takes at once: the worker's slots.
    int task_prefetch = 64;
    int other_prefetch = 256;
    /// A peer that is silent for two of them is taken for dead.
    Duration heartbeat{10'000};
    /// For reaching one address, TLS and login included.
    Duration longest_opening{5'000};
    /// For a confirm, and for the answer to any other request.
    Duration longest_answer{10'000};
    /// When the broker has refused all that was meant for a queue for so long, it is asked whether
    /// the queue is full at all.
    Duration doubt_refusals_after{500};
    /// Beyond these the broker is full for us.
    std::size_t most_unconfirmed = 10'000;
    std::size_t most_unsent_bytes = 16UL * 1024 * 1024;
    /// What was learned of the queue's length is believed for so long when the queue seems full,
    /// and for so long when it seems far from it.
    Duration depth_when_full{50};
    Duration depth_when_empty{5'000};
    TopologyOptions topology;
};

}  // namespace mlbilling::rabbitmq
