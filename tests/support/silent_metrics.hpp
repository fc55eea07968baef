#pragma once

#include "ports/metrics.hpp"

namespace mlbilling::test {

/// Nobody reads what is counted, but for what a test overrides.
class SilentMetrics : public Metrics {
  public:
    void task_ended(TaskType, TaskStatus) override {}
    void task_processed(TaskType, std::string_view, Duration) override {}
    void tasks_in_flight(int) override {}
    void task_retried(TaskType) override {}
    void lease_fenced() override {}
    void duplicate_dropped(std::string_view) override {}
    void dead_lettered() override {}
    void provider_called(std::string_view, std::string_view, std::string_view, Duration) override {}
    void telegram_called(std::string_view, std::string_view) override {}
    void delivery_ambiguous() override {}
    void polled(Time) override {}
};

}  // namespace mlbilling::test
