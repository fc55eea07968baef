#pragma once

#include <deque>
#include <map>

#include "base/time.hpp"
#include "standin/endpoint.hpp"
#include "standin/settings.hpp"

namespace mlbilling::standin {

/// Yandex's limits on calls (yandex.md 6), each over a window that slides.
class Quotas {
  public:
    /// Whether the call is within its quota; counts it if so.
    bool admit(Endpoint endpoint, const Settings& settings, Time now);

  private:
    std::map<int, std::deque<Time>> admitted_;
};

}  // namespace mlbilling::standin
