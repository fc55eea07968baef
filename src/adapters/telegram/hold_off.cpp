#include "adapters/telegram/hold_off.hpp"

#include <algorithm>

namespace mlbilling::telegram {

void HoldOff::hold(const std::string& key, Time until, Time now) {
    // So that the map holds only what Telegram is holding back at this moment.
    std::erase_if(until_, [now](const auto& entry) { return entry.second <= now; });
    auto& entry = until_.try_emplace(key, until).first->second;
    entry = std::max(entry, until);
}

Duration HoldOff::remaining(const std::string& key, Time now) const {
    const auto found = until_.find(key);
    if (found == until_.end()) return Duration::zero();
    return std::max(Duration::zero(), found->second - now);
}

}  // namespace mlbilling::telegram
