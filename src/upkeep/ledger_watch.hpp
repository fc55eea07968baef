#pragma once

#include <optional>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// Checks the books again and again, so that a broken promise of the ledger wakes somebody soon. A
/// check that takes long is made the less often: it never takes more than a hundredth of the time.
class LedgerWatch {
  public:
    LedgerWatch(OperatorStore& store, Clock& clock) : store_(store), clock_(clock) {}

    /// Returns after stop().
    Async<void> run();
    void stop() { stop_.set(); }

    /// What the last check found; nothing before the first.
    std::optional<int> violations() const { return violations_; }

  private:
    Async<void> check();

    OperatorStore& store_;
    Clock& clock_;
    Event stop_;
    std::optional<int> violations_;
};

}  // namespace mlbilling
