#pragma once

#include <string>

#include "ports/clock.hpp"
#include "ports/quotas.hpp"
#include "ports/random.hpp"

namespace mlbilling::yandex {

/// Whose place in the line for a quota it is, and whether it is kept; see RecognitionRequest.
struct QuotaPlace {
    std::string holder;
    bool keep = true;
};

/// Lets calls through as a quota of which little may be used in a long time allows: any so many in
/// every so long, whoever came first. Nobody waits here for long.
class QuotaLine {
  public:
    /// A rate of 0 lets everything through.
    QuotaLine(Quotas& quotas, Clock& clock, std::string name, QuotaRate rate)
        : quotas_(quotas), clock_(clock), name_(std::move(name)), rate_(rate) {}

    /// 0 when the call may go; else how long until its turn. Throws Unavailable.
    Async<Duration> pass(QuotaPlace place, Time deadline);
    /// The provider did not count the call that went last: it may go again at once.
    Async<void> give_back(std::string holder);

  private:
    Quotas& quotas_;
    Clock& clock_;
    std::string name_;
    QuotaRate rate_;
};

/// A name for who comes once and keeps no place.
std::string passer_by(Random& random);

}  // namespace mlbilling::yandex
