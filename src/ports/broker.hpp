#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/strong.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// A queue's name: `tasks`, or a bot's own reply queue (interface.md, Queue messages).
using QueueName = Strong<struct QueueNameTag, std::string>;

inline QueueName task_queue() { return QueueName("tasks"); }
inline QueueName dead_letter_queue() { return QueueName("tasks.dead"); }

struct Message {
    std::string body;
    std::string message_id;
    std::string correlation_id;
    /// Queue that wants the reply, or empty.
    std::string reply_to;
    std::map<std::string, std::string> headers;
};

struct ReceivedMessage {
    Message message;
    /// Hands the message back to acknowledge or reject; valid for one of them, once.
    std::uint64_t receipt = 0;
    bool redelivered = false;
};

/// What became of a publish. Only `confirmed` means that the broker has it.
enum class Published { confirmed, full, no_such_queue };

/// A fast road, never the truth: at-least-once, and all of it may be wiped at any time (design.md,
/// Nothing is lost). Every call may throw Unavailable.
class Broker {
  public:
    virtual ~Broker() = default;

    /// Makes the queue exist. A reply queue is removed some time after its owner is gone.
    virtual Async<void> declare(QueueName queue) = 0;
    virtual Async<Published> publish(QueueName queue, Message message) = 0;
    /// How many more messages the task queue takes now without growing past its bound.
    virtual Async<int> room() = 0;
    /// Waits for the next message. An unacknowledged one comes again, a bounded number of times,
    /// and then goes to the dead letters.
    virtual Async<ReceivedMessage> receive(QueueName queue) = 0;
    virtual Async<void> acknowledge(std::uint64_t receipt) = 0;
    /// Gives the message back to be delivered again.
    virtual Async<void> return_to_queue(std::uint64_t receipt) = 0;
    /// Sends the message to the dead letters, with the reason in header `x-reason`.
    virtual Async<void> reject(std::uint64_t receipt, std::string reason) = 0;
};

}  // namespace mlbilling
