#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/time.hpp"

namespace mlbilling::simulation {

/// The one time of a simulated world. Sleepers wake in order of (time, sequence), so the same seed
/// wakes them in the same order.
class VirtualTime {
  public:
    using Key = std::pair<Time, std::uint64_t>;

    Time now() const { return now_; }

    Key enlist(Duration span, std::function<void()> wake) {
        const Key key(now_ + std::max(span, Duration(0)), sequence_++);
        sleepers_.emplace(key, std::move(wake));
        return key;
    }
    bool is_asleep(const Key& key) const { return sleepers_.contains(key); }
    void strike(const Key& key) { sleepers_.erase(key); }

    /// Moves to the next sleeper's moment and wakes it; false when nobody sleeps.
    bool advance() {
        if (sleepers_.empty()) return false;
        const auto next = sleepers_.begin();
        const auto wake = std::move(next->second);
        now_ = next->first.first;
        sleepers_.erase(next);
        wake();
        return true;
    }

  private:
    Time now_{Duration(1'800'000'000'000)};
    std::uint64_t sequence_ = 0;
    std::map<Key, std::function<void()>> sleepers_;
};

}  // namespace mlbilling::simulation
