#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// At most `count` uses in every `per`, evenly spaced.
struct QuotaRate {
    std::int64_t count = 1;
    Duration per{1'000};
};

/// What a provider allows the whole installation, shared by all of its processes. Throws
/// Unavailable.
class Quotas {
  public:
    virtual ~Quotas() = default;

    /// Takes the next `count` slots of the quota: how long to wait before the first of them may be
    /// used; each other one follows per / rate.count later. What is not used is lost.
    virtual Async<Duration> reserve(std::string name, QuotaRate rate, int count) = 0;
};

}  // namespace mlbilling
