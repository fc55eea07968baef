#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/silent_metrics.hpp"

namespace mlbilling::test {

/// Keeps what is counted about Telegram.
class RecordingMetrics final : public SilentMetrics {
  public:
    void telegram_called(std::string_view method, std::string_view outcome) override {
        calls.push_back(std::string(method) + " " + std::string(outcome));
    }
    void polled(Time at) override { last_poll = at; }

    /// `method outcome`, in order.
    std::vector<std::string> calls;
    std::optional<Time> last_poll;
};

}  // namespace mlbilling::test
