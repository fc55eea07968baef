#pragma once

#include <map>
#include <string>

#include "base/time.hpp"

namespace mlbilling::telegram {

/// Until when Telegram wants to hear nothing more about a chat (or a method without a chat). An
/// answer 429 is always obeyed (telegram.md section 2).
class HoldOff {
  public:
    /// A later moment wins over an earlier one.
    void hold(const std::string& key, Time until, Time now);
    /// How long is still to be waited; zero when nothing holds.
    Duration remaining(const std::string& key, Time now) const;

  private:
    std::map<std::string, Time> until_;
};

}  // namespace mlbilling::telegram
