#pragma once

#include <optional>
#include <string>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// What is known of the books. Books that cannot be read are not in order.
struct LedgerState {
    /// What the last check that came to its end found; absent before the first.
    std::optional<int> violations;
    /// When that check ended.
    std::optional<Time> checked_at;
    /// Why the last checks did not come to their end although the database answers; absent when
    /// they did, and before the first.
    std::optional<std::string> failure;
};

/// Checks the books again and again, so that a broken promise of the ledger wakes somebody soon. A
/// check that takes long is made the less often: it never takes more than a hundredth of the time.
/// One that fails is made again soon.
class LedgerWatch {
  public:
    LedgerWatch(OperatorStore& store, Clock& clock) : store_(store), clock_(clock) {}

    /// Returns after stop().
    Async<void> run();
    void stop() { stop_.set(); }

    const LedgerState& state() const { return state_; }

  private:
    Async<void> check();
    Async<bool> database_answers();
    void failed(const std::string& why);

    OperatorStore& store_;
    Clock& clock_;
    Event stop_;
    LedgerState state_;
    int failures_ = 0;
};

}  // namespace mlbilling
