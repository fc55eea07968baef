#pragma once

#include <deque>
#include <string>

#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/quotas.hpp"

namespace mlbilling::yandex {

/// Lets calls through as the installation's quota allows. Slots are reserved in small blocks, as
/// many as are needed within a moment, so that not every call asks the store. A slot for which
/// nobody could wait is kept for whoever comes next, so that a queue that is too long does not use
/// up the quota for nothing.
class QuotaGate {
  public:
    /// A rate of 0 lets everything through.
    QuotaGate(Quotas& quotas, Clock& clock, std::string name, QuotaRate rate)
        : quotas_(quotas), clock_(clock), name_(std::move(name)), rate_(rate) {}

    /// Waits for a slot: 0 when it has come; else it comes after the deadline, in that time from
    /// now. Throws Unavailable.
    Async<Duration> pass(Time deadline);

  private:
    class Claim;

    Async<void> reserve();
    int block() const;
    void drop_stale();
    Duration offset(int slot) const;

    Quotas& quotas_;
    Clock& clock_;
    std::string name_;
    QuotaRate rate_;
    /// Ours and unused, the earliest first.
    std::deque<Time> slots_;
    int waiting_ = 0;
    bool reserving_ = false;
    Event reserved_;
};

}  // namespace mlbilling::yandex
