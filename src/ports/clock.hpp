#pragma once

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// The only source of time. The simulation's runs on virtual time.
class Clock {
  public:
    virtual ~Clock() = default;

    virtual Time now() const = 0;
    /// Returns after `span`, or throws when cancelled.
    virtual Async<void> sleep(Duration span) = 0;
};

}  // namespace mlbilling
