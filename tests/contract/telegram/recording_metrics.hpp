#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ports/metrics.hpp"

namespace mlbilling::test {

/// Keeps what is counted about Telegram.
class RecordingMetrics final : public Metrics {
  public:
    void task_ended(TaskType, TaskStatus) override {}
    void task_processed(TaskType, std::string_view, Duration) override {}
    void tasks_in_flight(int) override {}
    void task_retried(TaskType) override {}
    void lease_fenced() override {}
    void duplicate_dropped(std::string_view) override {}
    void dead_lettered() override {}
    void booked(TransactionType, Credits) override {}
    void provider_called(std::string_view, std::string_view, std::string_view, Duration) override {}
    void telegram_called(std::string_view method, std::string_view outcome) override {
        calls.push_back(std::string(method) + " " + std::string(outcome));
    }
    void delivery_ambiguous() override {}
    void polled(Time at) override { last_poll = at; }

    /// `method outcome`, in order.
    std::vector<std::string> calls;
    std::optional<Time> last_poll;
};

}  // namespace mlbilling::test
