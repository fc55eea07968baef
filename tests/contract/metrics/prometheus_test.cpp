#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "adapters/prometheus/metrics.hpp"
#include "base/log.hpp"

namespace mlbilling::test {
namespace {

using prometheus_text::PrometheusMetrics;
using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(PrometheusMetrics, ThePromisedNamesAreThereFromTheStart) {
    PrometheusMetrics metrics("1.2.3", "local");
    const auto text = metrics.text(std::nullopt);
    EXPECT_THAT(text, HasSubstr("# TYPE task_processing_duration_seconds histogram"));
    EXPECT_THAT(text, HasSubstr("task_status_total{status=\"completed\",type=\"text\"} 0"));
    EXPECT_THAT(text, HasSubstr("# TYPE user_balance_total gauge"));
    // What only the ledger knows does not jump from 0 when the database is back.
    EXPECT_THAT(text, Not(HasSubstr("transaction_amount_total{")));
    EXPECT_THAT(text, Not(HasSubstr("mlbilling_grants_total ")));
    EXPECT_THAT(metrics.text(Statistics()),
                HasSubstr("transaction_amount_total{type=\"charge\"} 0"));
    EXPECT_THAT(text, HasSubstr("mlbilling_build_info{version=\"1.2.3\"} 1"));
    EXPECT_THAT(text, HasSubstr("mlbilling_last_backup_timestamp_seconds 0\n"));
    // An alert that compares failures with successes needs both before the first of either.
    EXPECT_THAT(text, HasSubstr("mlbilling_provider_calls_total{operation=\"recognize\",outcome="
                                "\"misconfigured\",provider=\"local\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_telegram_calls_total{method=\"getUpdates\",outcome="
                                "\"conflict\"} 0\n"));
}

TEST(PrometheusMetrics, EventsAreCountedUnderTheirLabels) {
    PrometheusMetrics metrics("1", "local");
    metrics.task_ended(TaskType::voice, TaskStatus::error);
    metrics.task_processed(TaskType::voice, "local", Duration(1500));
    metrics.provider_called("local", "recognize", "busy", Duration(20));
    metrics.provider_spent("yandex", MicroRoubles(162'600));
    metrics.provider_spent("yandex", MicroRoubles(162'600));
    metrics.telegram_called("sendMessage", "too_many_requests");
    metrics.duplicate_dropped("lease");
    metrics.lease_fenced();
    metrics.dead_lettered();
    metrics.task_retried(TaskType::text);
    metrics.tasks_in_flight(5);
    metrics.swept(SweepReport{.leases_expired = 2,
                              .tasks_expired = 0,
                              .tasks_failed = 0,
                              .tasks_republished = 0,
                              .retries_due = 0,
                              .deliveries_unknown = 0,
                              .refused_refunded = 0,
                              .credits_refunded = Credits(),
                              .grants_given = 0,
                              .rows_forgotten = 0});
    const auto text = metrics.text(std::nullopt);
    for (const auto* line :
         {"task_status_total{status=\"error\",type=\"voice\"} 1",
          "task_processing_duration_seconds_sum{provider=\"local\",type=\"voice\"} 1.5",
          "task_processing_duration_seconds_bucket{provider=\"local\",type=\"voice\",le=\"1\"} 0",
          "task_processing_duration_seconds_bucket{provider=\"local\",type=\"voice\",le=\"2.5\"} 1",
          "mlbilling_provider_calls_total{operation=\"recognize\",outcome=\"busy\",provider="
          "\"local\"} 1",
          "mlbilling_provider_cost_roubles_total{provider=\"local\"} 0",
          "mlbilling_provider_cost_roubles_total{provider=\"yandex\"} 0.3252",
          "mlbilling_telegram_calls_total{method=\"sendMessage\",outcome=\"too_many_requests\"} 1",
          "mlbilling_duplicates_dropped_total{where=\"lease\"} 1", "mlbilling_lease_fenced_total 1",
          "mlbilling_dead_letters_total 1", "mlbilling_task_retries_total{type=\"text\"} 1",
          "mlbilling_tasks_in_flight 5", "mlbilling_swept_total{what=\"lease_expired\"} 2"})
        EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
}

TEST(PrometheusMetrics, WhatTheStoreSaysIsShownAndKeptWhileItIsDown) {
    PrometheusMetrics metrics("1", "local");
    Statistics statistics;
    statistics.balance_total = 5'000'000'000;
    statistics.held_total = 12;
    statistics.oldest_outbox_row = Duration(2500);
    metrics.backed_up(Time(Duration(1'700'000'000'000)));
    metrics.text(statistics);
    const auto text = metrics.text(std::nullopt);
    EXPECT_THAT(text, HasSubstr("user_balance_total 5000000000\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_held_credits 12\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_outbox_oldest_age_seconds 2.5\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_last_backup_timestamp_seconds 1700000000\n"));
}

TEST(PrometheusMetrics, BooksThatWereNeverReadAreNotSaidToBeInOrder) {
    PrometheusMetrics metrics("1", "local");
    metrics.ledger_check_failing(true);
    auto text = metrics.text(std::nullopt);
    EXPECT_EQ(count(text, "mlbilling_ledger_violations "), 0U);
    EXPECT_EQ(count(text, "mlbilling_ledger_checked_timestamp_seconds "), 0U);
    EXPECT_THAT(text, HasSubstr("mlbilling_ledger_check_failing 1\n"));

    metrics.ledger_check_failing(false);
    metrics.ledger_checked(2, Time(Duration(1'700'000'000'000)));
    text = metrics.text(std::nullopt);
    EXPECT_THAT(text, HasSubstr("mlbilling_ledger_violations 2\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_ledger_checked_timestamp_seconds 1700000000\n"));
    EXPECT_THAT(text, HasSubstr("mlbilling_ledger_check_failing 0\n"));

    metrics.ledger_checked(0, Time(Duration(1'700'000'060'000)));
    EXPECT_THAT(metrics.text(std::nullopt), HasSubstr("mlbilling_ledger_violations 0\n"));
}

TEST(PrometheusMetrics, WhatTheLedgerSaysIsCountedAndNeverFalls) {
    PrometheusMetrics metrics("1", "local");
    Statistics statistics;
    statistics.booked = {{TransactionType::charge, 10}, {TransactionType::grant, 60}};
    statistics.starting_grants = 3;
    statistics.grants_delayed = 2;
    metrics.text(statistics);
    statistics.booked = {{TransactionType::charge, 7}, {TransactionType::grant, 80}};
    const auto text = metrics.text(statistics);
    for (const auto* line : {"transaction_amount_total{type=\"charge\"} 10",
                             "transaction_amount_total{type=\"grant\"} 80",
                             "transaction_amount_total{type=\"refund\"} 0",
                             "mlbilling_grants_total 3", "mlbilling_grant_limit_hits_total 2"})
        EXPECT_THAT(text, HasSubstr(std::string(line) + "\n"));
}

TEST(PrometheusMetrics, NoInputGrowsAFamilyWithoutBound) {
    PrometheusMetrics metrics("1", "local");
    for (int i = 0; i < 1000; ++i) metrics.telegram_called("m" + std::to_string(i), "ok");
    const auto text = metrics.text(std::nullopt);
    EXPECT_EQ(count(text, "mlbilling_telegram_calls_total{"), 201U);
    EXPECT_THAT(
        text,
        HasSubstr("mlbilling_telegram_calls_total{method=\"other\",outcome=\"other\"} 824\n"));
}

double value_of(const std::string& text, const std::string& name) {
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

TEST(PrometheusMetrics, TheProcessTellsOfItself) {
    PrometheusMetrics metrics("1", "local");
    const std::string errors = "mlbilling_log_lines_total{level=\"error\"}";
    const auto before = metrics.text(std::nullopt);
    log::error("counted");
    log::error("counted");
    const auto text = metrics.text(std::nullopt);
    EXPECT_EQ(value_of(text, errors), value_of(before, errors) + 2);
    EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1e6);
    EXPECT_LT(value_of(text, "process_resident_memory_bytes"), 1e10);
    EXPECT_GT(value_of(text, "process_cpu_seconds_total"), 0);
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
    EXPECT_NEAR(value_of(text, "process_start_time_seconds"), now.count(), 3600);
}

TEST(PrometheusMetrics, LabelsAreEscaped) {
    PrometheusMetrics metrics("1\"\n\\", "local");
    EXPECT_THAT(metrics.text(std::nullopt),
                HasSubstr("mlbilling_build_info{version=\"1\\\"\\n\\\\\"} 1"));
}

}  // namespace
}  // namespace mlbilling::test
