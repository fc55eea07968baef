#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ports/metrics.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling::prometheus_text {

/// What GET /metrics answers, in Prometheus's text format (interface.md, Metrics). Every label
/// comes from a bounded set; a family that would grow beyond 200 label sets counts the rest under
/// `other`. Safe from any thread.
class PrometheusMetrics final : public Metrics {
  public:
    /// `provider` is the speech provider's name, whose families appear from the start.
    PrometheusMetrics(std::string version, const std::string& provider);
    ~PrometheusMetrics() override;

    void task_ended(TaskType type, TaskStatus status) override;
    void task_processed(TaskType type, std::string_view provider, Duration took) override;
    void tasks_in_flight(int count) override;
    void task_retried(TaskType type) override;
    void lease_fenced() override;
    void duplicate_dropped(std::string_view where) override;
    void dead_lettered() override;
    void provider_called(std::string_view provider, std::string_view operation,
                         std::string_view outcome, Duration took) override;
    void provider_spent(std::string_view provider, MicroRoubles cost) override;
    void telegram_called(std::string_view method, std::string_view outcome) override;
    void delivery_ambiguous() override;
    void delivery_refused(std::string_view reason, std::string_view outcome) override;
    void polled(Time at) override;
    void swept(const SweepReport& report) override;

    /// How old the sums of text() are.
    void statistics_age(Duration age);
    /// When the last good backup was made, as far as is known.
    void backed_up(Time at);

    /// What the last check of the books found, and when it ended. Before the first there is no such
    /// sample: a book that was never read is not in order.
    void ledger_checked(int violations, Time at);
    /// Whether the last check of the books did not come to its end.
    void ledger_check_failing(bool failing);

    /// All of it. `statistics` is what the store says now; absent (the database is down): it keeps
    /// its last value.
    std::string text(const std::optional<Statistics>& statistics);

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace mlbilling::prometheus_text
