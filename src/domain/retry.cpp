#include "domain/retry.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace mlbilling {

Duration backoff(const RetryPolicy& policy, int attempt, std::uint64_t random) {
    CHECK(attempt >= 1);
    const int doublings = std::min(attempt - 1, 30);
    const auto longest = std::min<std::int64_t>(policy.cap.count(), policy.base.count() << doublings);
    return Duration(static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(longest) + 1)));
}

void RetryBudget::on_success() { tenths_ = std::min(capacity_tenths_, tenths_ + 1); }

bool RetryBudget::take() {
    if (tenths_ < 10) return false;
    tenths_ -= 10;
    return true;
}

}  // namespace mlbilling
