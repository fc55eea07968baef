#pragma once

#include <optional>
#include <string>
#include <variant>

#include "ports/async.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

/// The lease is ours; `task.epoch` is its fencing token, `operation` an unfinished provider
/// operation of an earlier attempt or empty.
struct Leased {
    TaskRecord task;
    std::string operation;
};
/// There is nothing to do now: the task has ended, is being worked on, or waits for its next
/// attempt. Absent record: no such task.
struct NotLeased {
    std::optional<TaskRecord> task;
};
using LeaseOutcome = std::variant<Leased, NotLeased>;

/// Someone holds a newer lease, or the task has ended; nothing changed.
struct Fenced {};

struct Completion {
    TaskId task;
    Epoch epoch;
    Units measured;
    /// 0 <= charge <= hold.
    Credits charge;
    bool cached = false;
    TaskResult result;
    /// `provider` is who made the result.
    Spending spending;
    /// Under which the result may answer the same request again; empty: not kept.
    std::string cache_key;
};

/// What settling left behind. For another producer's task: the outbox row of its reply, claimed by
/// the caller.
struct Settled {
    TaskRecord task;
    Account account;
    std::optional<OutboxRecord> reply;
};
using SettleOutcome = std::variant<Settled, Fenced>;

/// More is held now.
struct Adjusted {
    Account account;
};
using AdjustOutcome = std::variant<Adjusted, Insufficient, Fenced>;

/// A task that waits for its turn at a provider: our own quota is used up.
struct TurnAwaited {
    TaskId task;
    Epoch epoch;
    Time turn_at;
    /// When the user is told that it will be ready; absent: nobody is told.
    std::optional<Time> ready_at;
    Spending spending;
};

/// The worker's side of the store. Each method is one transaction guarded by the epoch; the
/// database's clock alone decides leases. Throws Unavailable.
class WorkStore {
  public:
    virtual ~WorkStore() = default;

    virtual Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) = 0;
    virtual Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) = 0;
    /// Before an asynchronous provider operation is polled, so that a restart resumes it.
    virtual Async<bool> record_operation(TaskId task, Epoch epoch, std::string operation) = 0;
    /// Changes the open hold to `price`, the price of `measured` units, before the provider is
    /// called.
    virtual Async<AdjustOutcome> adjust_hold(TaskId task, Epoch epoch, Units measured,
                                             Credits price) = 0;
    virtual Async<std::optional<TaskResult>> find_cached(std::string cache_key) = 0;

    virtual Async<SettleOutcome> complete(Completion completion) = 0;
    /// Releases the hold and makes the task's result due. With price_above_limit a proposal for
    /// `measured` units is written and its notice is due instead: the user is asked whether to do
    /// it at that price.
    virtual Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                                      std::optional<Units> measured, Spending spending) = 0;
    /// The hold stays; the task is due again at `next_attempt_at`.
    virtual Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at,
                                       Spending spending) = 0;
    /// The same for an attempt that does not count, because nothing failed in it: the task has as
    /// many left as before.
    virtual Async<SettleOutcome> await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                                 Spending spending) = 0;
    /// The same while the task waits for its turn: its deadline moves on by as long as it waits,
    /// and the notice waits_for_turn is due where there is a time to tell and a place.
    virtual Async<SettleOutcome> await_turn(TurnAwaited wait) = 0;
};

}  // namespace mlbilling
