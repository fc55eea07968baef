#include "domain/retry.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling {

Duration backoff(const RetryPolicy& policy, int attempt, std::uint64_t random) {
    CHECK(attempt >= 1);
    CHECK(policy.base >= Duration(0));
    CHECK(policy.cap >= Duration(0));
    const int doublings = std::min(attempt - 1, 62);
    const auto base = policy.base.count();
    const auto cap = policy.cap.count();
    // Compared before it is shifted: the doubled base need not fit 64 bits.
    const auto longest = base > (cap >> doublings) ? cap : base << doublings;
    const auto shortest = longest - longest / 2;
    const auto spread = static_cast<std::uint64_t>(longest - shortest) + 1;
    return Duration(shortest + static_cast<std::int64_t>(random % spread));
}

void RetryBudget::on_success() { tenths_ = std::min(capacity_tenths_, tenths_ + 1); }

bool RetryBudget::take() {
    if (tenths_ < 10) return false;
    tenths_ -= 10;
    return true;
}

}  // namespace mlbilling
