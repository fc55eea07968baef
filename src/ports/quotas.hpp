#pragma once

#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// At most `count` uses in every `per`.
struct QuotaRate {
    std::int64_t count = 1;
    Duration per{1'000};
};

/// A place in the line for a quota of which little may be used in a long time.
struct QuotaTurn {
    std::string quota;
    /// Who stands in line, no one else's name; whoever asks again keeps the place.
    std::string holder;
    QuotaRate rate;
    /// False: no place is kept for a newcomer who cannot go at once.
    bool keep = true;
};

/// What a provider allows the whole installation, shared by all of its processes. Throws
/// Unavailable.
class Quotas {
  public:
    virtual ~Quotas() = default;

    /// Takes the next `count` slots of the quota, which are evenly spaced: how long to wait before
    /// the first of them may be used; each other one follows per / rate.count later. What is not
    /// used is lost.
    virtual Async<Duration> reserve(std::string name, QuotaRate rate, int count) = 0;

    /// Goes through, which counts as a use at this moment and returns 0, when fewer than `count`
    /// were used in the `per` before it and nobody has an older claim to it. Else how long it is
    /// until the holder's turn; it is to ask again then. A place that nobody asked for in the ten
    /// minutes after its turn is forgotten.
    virtual Async<Duration> take_turn(QuotaTurn turn) = 0;
    /// The provider has not counted the holder's last use: the holder may go again at once.
    virtual Async<void> give_back_turn(std::string quota, std::string holder) = 0;
};

}  // namespace mlbilling
