#pragma once

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling {

struct SweeperOptions {
    /// From one sweep to the next; each wait is drawn between half of it and one and a half.
    Duration interval{5'000};
    SweepPolicy policy;
    /// How often old result audio is looked for, and how old it may grow: longer than a cached
    /// result (policy.keep_cache) by the time that its last answer may take to be delivered.
    Duration results_interval{3'600'000};
    Duration keep_results{8 * 86'400'000LL};
};

/// The liveness of the system (design.md): mends what a death has left behind, at the start and
/// every few seconds. Any number may run.
class Sweeper {
  public:
    Sweeper(UpkeepStore& store, ResultStore& results, Clock& clock, Random& random,
            Metrics& metrics, SweeperOptions options = {});

    /// Sweeps until stop(), or until cancelled. Survives outages.
    Async<void> run();
    void stop() { stopping_.set(); }

  private:
    Async<void> mend();
    /// Whether there may be more to do at once.
    Async<bool> sweep();
    Async<void> remove_old_results();
    Duration jittered(Duration span);

    UpkeepStore& store_;
    ResultStore& results_;
    Clock& clock_;
    Random& random_;
    Metrics& metrics_;
    SweeperOptions options_;
    Event stopping_;
};

}  // namespace mlbilling
