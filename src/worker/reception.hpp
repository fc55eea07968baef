#pragma once

#include <string>
#include <variant>

#include "ports/broker.hpp"
#include "ports/metrics.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/work.hpp"
#include "protocol/messages.hpp"
#include "protocol/outbox_publisher.hpp"
#include "worker/options.hpp"

namespace mlbilling {

/// What to do with a message when nothing is left to do for it.
struct Disposal {
    enum class Kind { acknowledge, return_to_queue, reject };
    Kind kind = Kind::acknowledge;
    /// Of a rejection.
    std::string reason;
};

/// From a message to a lease: reads it, leases its task, and accepts the task first if another
/// producer sent it (queue-messages.md). Answers by itself what will never be run. Doing it again
/// after Unavailable is safe.
class Reception {
  public:
    struct Ports {
        WorkStore& work;
        IntakeStore& intake;
        Broker& broker;
        OutboxPublisher& outbox;
        Metrics& metrics;
    };
    Reception(Ports ports, const WorkerOptions& options)
        : ports_(ports),
          worker_(options.name),
          lease_(options.lease),
          start_(options.start),
          time_limit_(options.time_limit),
          max_text_(options.limits.max_text) {}

    using Admission = std::variant<Disposal, Leased>;
    Async<Admission> admit(Message message);

  private:
    Async<Disposal> refuse(Message message, UnreadableMessage problem);
    Async<Admission> accept(Message message, TaskMessage asked);
    /// Why the bot would not take that text either.
    std::optional<std::string> problem_with(const TaskMessage& asked) const;
    Async<Admission> lease(Message message, TaskMessage asked, TaskId task);
    Async<Disposal> not_accepted(Message message, TaskMessage asked, TaskOutcome outcome);
    Async<Disposal> known(Message message, TaskMessage asked, TaskRecord task);
    Async<Disposal> answer_error(Message message, TaskMessage asked, std::string text);
    Async<Published> reply(Message message, ReplyMessage reply);

    Ports ports_;
    std::string worker_;
    Duration lease_;
    StartingGrant start_;
    Duration time_limit_;
    std::size_t max_text_;
};

}  // namespace mlbilling
