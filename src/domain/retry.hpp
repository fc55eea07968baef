#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace mlbilling {

/// When a failed task may be tried again, and when to give up (reliability.md 6).
struct RetryPolicy {
    int max_attempts = 3;
    Duration base{2'000};
    Duration cap{60'000};
};

/// Between tries while the store or the broker is down. Short at its longest: what has waited for
/// the end of an outage must not wait long after it.
inline constexpr RetryPolicy while_down{
    .max_attempts = 0, .base = Duration(200), .cap = Duration(1'000)};

/// A uniform wait between half of min(cap, base × 2^(attempt-1)) and all of it: never about
/// nothing, since who asked us to wait is not to be asked again at once. `attempt` counts from 1,
/// `random` is 64 uniform bits.
Duration backoff(const RetryPolicy& policy, int attempt, std::uint64_t random);

/// Keeps retries a small part of all calls, so that a broken provider is not hammered: each success
/// deposits a tenth of a retry, each retry costs one, at most `capacity` are saved up.
class RetryBudget {
  public:
    explicit RetryBudget(int capacity) : capacity_tenths_(capacity * 10), tenths_(capacity * 10) {}

    void on_success();
    /// Takes one retry out of the budget; false when there is none left.
    bool take();

  private:
    int capacity_tenths_;
    int tenths_;
};

}  // namespace mlbilling
