#pragma once

#include <string_view>
#include <utility>

#include "base/log.hpp"

namespace mlbilling::log {

/// Tells of an outage once, as a warning; what follows until it is over is told at level debug, so
/// that a loop that tries again fills no log.
class OutageLog {
  public:
    /// `message` says what waits; it outlives the log.
    explicit OutageLog(std::string_view message) : message_(message) {}

    void tell(std::string_view error) {
        write(std::exchange(told_, true) ? Level::debug : Level::warning, message_,
              {{"error", error}});
    }
    void over() { told_ = false; }

  private:
    std::string_view message_;
    bool told_ = false;
};

}  // namespace mlbilling::log
