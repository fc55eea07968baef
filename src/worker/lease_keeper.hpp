#pragma once

#include "ports/clock.hpp"
#include "ports/store/work.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// Keeps the leases of running tasks alive.
class LeaseKeeper {
  public:
    LeaseKeeper(WorkStore& store, Clock& clock, Duration lease, Duration heartbeat)
        : store_(store), clock_(clock), lease_(lease), heartbeat_(heartbeat) {}

    /// Extends the lease at every heartbeat; returns true when it is lost: another has it, or the
    /// store was down for as long as it lasts. Runs beside the work, and is cancelled with its end.
    Async<bool> keep_until_lost(std::shared_ptr<Attempt> attempt);

  private:
    WorkStore& store_;
    Clock& clock_;
    Duration lease_;
    Duration heartbeat_;
};

}  // namespace mlbilling
