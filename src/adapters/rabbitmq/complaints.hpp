#pragma once

#include <set>
#include <string>

#include "base/log.hpp"

namespace mlbilling::rabbitmq {

/// Says why the broker cannot be used, for all connections to it: each reason once, however often
/// and from however many of them it is met, until one of them is up again.
class Complaints {
  public:
    void say(const std::string& why, bool refused) {
        if (!said_.insert(why).second) return;
        log::write(refused ? log::Level::error : log::Level::warning, "broker not usable",
                   {{"error", why}});
    }
    void settled() { said_.clear(); }

  private:
    std::set<std::string> said_;
};

}  // namespace mlbilling::rabbitmq
