#pragma once

#include <functional>
#include <memory>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// A call that is to come; it does not once this has gone.
class Alarm {
  public:
    Alarm() = default;
    virtual ~Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
};

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
    /// Has `ring` called by the loop after `span`, once. What is seldom waited for to its end costs
    /// less so than by a coroutine that sleeps and is cancelled.
    [[nodiscard]] virtual std::unique_ptr<Alarm> ring_after(Duration span,
                                                            std::function<void()> ring) = 0;
};

}  // namespace mlbilling
