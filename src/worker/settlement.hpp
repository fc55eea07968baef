#pragma once

#include "domain/retry.hpp"
#include "ports/broker.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"
#include "ports/store/work.hpp"
#include "protocol/outbox_publisher.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// Ends an attempt: decides between another one and the end, settles it in the store, and then
/// replies.
class Settlement {
  public:
    struct Ports {
        WorkStore& store;
        ResultStore& results;
        Broker& broker;
        OutboxPublisher& outbox;
        Clock& clock;
        Random& random;
        Metrics& metrics;
    };
    Settlement(Ports ports, RetryPolicy policy, RetryBudget& budget)
        : ports_(ports), policy_(policy), budget_(budget) {}

    /// Another attempt if the attempts, the task's deadline and the retry budget allow one.
    Decision decide(const Attempt& attempt, Verdict verdict);

    /// What follows the commit; best effort, since the sweeps stand behind it.
    struct Aftermath {
        std::optional<TaskRecord> reply_to;
        std::optional<OutboxRecord> reply;
        std::vector<ResultKey> orphans;
    };
    /// One transaction. Thrown out of, it may be called again with the same decision; `again` says
    /// so: a fence met then may be the first call's own success, so that no blob may be taken for
    /// an orphan.
    Async<Aftermath> settle(std::shared_ptr<Attempt> attempt, Decision decision, bool again);

    /// Replies and removes the orphans. May throw Unavailable; then it is given up.
    Async<void> follow_up(Aftermath aftermath);

  private:
    Decision decide_retry(const Attempt& attempt, const TryAgain& again);
    /// The task is due again later. The attempt outlives the call.
    Async<SettleOutcome> put_off(const Attempt& attempt, RetryAt retry);
    void note(const Attempt& attempt, const TaskRecord& task);
    void note_fence(const Attempt& attempt);

    Ports ports_;
    RetryPolicy policy_;
    RetryBudget& budget_;
};

}  // namespace mlbilling
