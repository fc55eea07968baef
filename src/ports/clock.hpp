#pragma once

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// The only source of time. The simulation's runs on virtual time.
class Clock {
  public:
    virtual ~Clock() = default;

    virtual Time now() const = 0;
    /// Time since some moment in the past that stays the same for the life of the process; setting
    /// the machine's clock does not move it. For measuring spans.
    virtual Duration steady_now() const { return now().time_since_epoch(); }
    /// Returns after `span`, or throws when cancelled.
    virtual Async<void> sleep(Duration span) = 0;
};

}  // namespace mlbilling
