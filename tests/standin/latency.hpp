#pragma once

#include <string_view>

#include "base/time.hpp"

namespace mlbilling::standin {

/// How long an endpoint takes to answer.
struct Latency {
    Duration base{};
    /// Up to so much more.
    Duration jitter{};
    /// Above 0: lognormal with this deviation of the logarithm, and `base` as the median.
    double sigma = 0;
};

/// A lognormal latency as it is drawn for one piece of work. The same work always takes the same
/// time, so that whoever sent it can tell how much of an answer's time was the provider's.
Duration lognormal(const Latency& latency, std::string_view fingerprint);

}  // namespace mlbilling::standin
