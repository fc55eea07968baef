#include "adapters/prometheus/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <sstream>

#include "adapters/prometheus/bounded_family.hpp"
#include "adapters/prometheus/process_metrics.hpp"

namespace mlbilling::prometheus_text {
namespace {

double seconds(Duration span) { return static_cast<double>(span.count()) / 1000.0; }

// From a short answer of the local engine to four hours of audio at a provider.
const prometheus::Histogram::BucketBoundaries durations{0.05, 0.1,  0.25, 0.5,   1.0,   2.5,   5.0,
                                                        10.0, 30.0, 60.0, 300.0, 900.0, 3600.0};

constexpr std::array task_types{TaskType::text, TaskType::voice};
constexpr std::array ends{TaskStatus::completed, TaskStatus::error, TaskStatus::cancelled,
                          TaskStatus::expired};
constexpr std::array transaction_types{TransactionType::grant, TransactionType::purchase,
                                       TransactionType::charge, TransactionType::refund,
                                       TransactionType::adjustment};
/// In the order of SweepReport.
constexpr std::array<std::string_view, 8> swept_kinds{
    "lease_expired", "task_expired",     "task_failed", "task_republished",
    "retry_due",     "delivery_unknown", "grant_given", "row_forgotten"};
constexpr std::array duplicate_places{"lease", "update"};
// Those that alerts and dashboards compare with each other.
constexpr std::array provider_operations{"synthesize", "recognize"};
constexpr std::array provider_outcomes{"ok",   "refused", "unsupported",
                                       "busy", "down",    "misconfigured"};
constexpr std::array telegram_methods{"getUpdates", "sendMessage", "sendVoice", "download"};
constexpr std::array telegram_outcomes{"ok",           "not_sent", "ambiguous", "too_many_requests",
                                       "unauthorized", "conflict"};
constexpr std::array refusal_reasons{"unreachable", "no_rights", "topic",
                                     "reply",       "other",     "files_forbidden"};
constexpr std::array refusal_outcomes{"nothing_paid", "refunded", "kept", "offered"};

/// A counter that only the database knows: never falls, as the books of a restored backup may.
void raise(prometheus::Counter& counter, std::int64_t total) {
    const auto more = static_cast<double>(total) - counter.Value();
    if (more > 0) counter.Increment(more);
}

std::vector<std::string> labels(std::initializer_list<std::string_view> values) {
    return {values.begin(), values.end()};
}

}  // namespace

struct PrometheusMetrics::Families {
    prometheus::Registry registry;

    BoundedFamily<prometheus::Histogram> processing =
        histograms(registry, "task_processing_duration_seconds",
                   "Time from lease to settlement of a task", {"type", "provider"});
    BoundedFamily<prometheus::Counter> ended = counters(
        registry, "task_status_total", "Tasks that ended, by how they ended", {"type", "status"});
    prometheus::Gauge& balance =
        gauge(registry, "user_balance_total", "Sum of all balances in credits");
    BoundedFamily<prometheus::Counter> amounts =
        counters(registry, "transaction_amount_total",
                 "Absolute credits in the ledger, whoever booked them: the same from every process",
                 {"type"});
    BoundedFamily<prometheus::Counter> starting_grants =
        counters(registry, "mlbilling_grants_total",
                 "Starting grants in the ledger: the same from every process", {});
    BoundedFamily<prometheus::Counter> grants_delayed = counters(
        registry, "mlbilling_grant_limit_hits_total",
        "Newcomers who had to wait for their starting grant: the same from every process", {});

    prometheus::Gauge& held =
        gauge(registry, "mlbilling_held_credits", "Credits held for running tasks");
    prometheus::Gauge& sums_age =
        gauge(registry, "mlbilling_statistics_age_seconds",
              "Since the sums over the database's tables were read, or the process started");
    prometheus::Gauge& users = gauge(registry, "mlbilling_users", "Registered users");
    prometheus::Gauge& in_flight =
        gauge(registry, "mlbilling_tasks_in_flight", "Tasks that this process works on now");
    prometheus::Gauge& queue_depth =
        gauge(registry, "mlbilling_queue_depth", "Tasks accepted and not yet leased");
    prometheus::Gauge& queue_age = gauge(registry, "mlbilling_queue_oldest_age_seconds",
                                         "Age of the oldest task not yet leased");
    prometheus::Gauge& processing_now =
        gauge(registry, "mlbilling_tasks_processing", "Tasks leased by any worker");
    BoundedFamily<prometheus::Counter> retries = counters(
        registry, "mlbilling_task_retries_total", "Attempts that will be repeated", {"type"});
    prometheus::Counter& fenced = counter(registry, "mlbilling_lease_fenced_total",
                                          "Results thrown away because another lease was newer");
    BoundedFamily<prometheus::Counter> duplicates =
        counters(registry, "mlbilling_duplicates_dropped_total",
                 "Repeated work that was recognised", {"where"});
    prometheus::Counter& dead_letters =
        counter(registry, "mlbilling_dead_letters_total", "Messages sent to the dead letters");

    BoundedFamily<prometheus::Counter> provider_calls =
        counters(registry, "mlbilling_provider_calls_total", "Calls of the speech provider",
                 {"provider", "operation", "outcome"});
    BoundedFamily<prometheus::Histogram> provider_times =
        histograms(registry, "mlbilling_provider_call_duration_seconds",
                   "How long calls of the speech provider took", {"provider", "operation"});
    BoundedFamily<prometheus::Counter> provider_costs = counters(
        registry, "mlbilling_provider_cost_roubles_total",
        "What calls of the speech provider cost us, estimated by its price list", {"provider"});
    BoundedFamily<prometheus::Counter> telegram_calls = counters(
        registry, "mlbilling_telegram_calls_total", "Calls of the Bot API", {"method", "outcome"});
    prometheus::Counter& ambiguous = counter(registry, "mlbilling_deliveries_ambiguous_total",
                                             "Sends that may or may not have reached the user");
    BoundedFamily<prometheus::Counter> refused =
        counters(registry, "mlbilling_deliveries_refused_total",
                 "Answers that a chat refused for good, and what became of what was paid for them",
                 {"reason", "outcome"});
    prometheus::Gauge& last_poll = gauge(registry, "mlbilling_last_poll_timestamp_seconds",
                                         "When the last poll for updates ended, in Unix time");

    prometheus::Gauge& outbox_rows =
        gauge(registry, "mlbilling_outbox_rows", "Messages that the broker has not confirmed yet");
    prometheus::Gauge& outbox_age = gauge(registry, "mlbilling_outbox_oldest_age_seconds",
                                          "Age of the oldest unconfirmed message");
    prometheus::Gauge& undelivered =
        gauge(registry, "mlbilling_undelivered_results", "Answers that users are owed");
    prometheus::Gauge& undelivered_age = gauge(registry, "mlbilling_undelivered_oldest_age_seconds",
                                               "Age of the oldest answer owed");
    BoundedFamily<prometheus::Counter> mended = counters(
        registry, "mlbilling_swept_total", "Rows that the sweeper set right or forgot", {"what"});
    prometheus::Gauge& last_backup =
        gauge(registry, "mlbilling_last_backup_timestamp_seconds",
              "When the last good backup was made, in Unix time; 0 when there was none");
    prometheus::Family<prometheus::Gauge>& violations =
        prometheus::BuildGauge()
            .Name("mlbilling_ledger_violations")
            .Help("Broken invariants of the ledger, by the last check that ended; must be 0")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& ledger_checked =
        prometheus::BuildGauge()
            .Name("mlbilling_ledger_checked_timestamp_seconds")
            .Help("When the last check of the ledger that came to its end did so, in Unix time")
            .Register(registry);
    prometheus::Gauge& ledger_check_failing =
        gauge(registry, "mlbilling_ledger_check_failing",
              "1 while the last check of the ledger did not come to its end; must be 0");
    ProcessMetrics process{registry};
};

PrometheusMetrics::PrometheusMetrics(std::string version, const std::string& provider)
    : families_(std::make_unique<Families>()) {
    prometheus::BuildGauge()
        .Name("mlbilling_build_info")
        .Help("The version that runs")
        .Register(families_->registry)
        .Add({{"version", std::move(version)}})
        .Set(1);
    // A counter that appears only with its first event hides that event from rate().
    for (const auto type : task_types) {
        for (const auto status : ends)
            families_->ended.with(labels({to_string(type), to_string(status)}));
        families_->retries.with(labels({to_string(type)}));
        families_->processing.with(labels({to_string(type), provider}), durations);
    }
    families_->provider_costs.with(labels({provider}));
    for (const auto kind : swept_kinds) families_->mended.with(labels({kind}));
    for (const auto* where : duplicate_places) families_->duplicates.with(labels({where}));
    for (const auto* operation : provider_operations)
        for (const auto* outcome : provider_outcomes)
            families_->provider_calls.with(labels({provider, operation, outcome}));
    for (const auto* reason : refusal_reasons)
        for (const auto* outcome : refusal_outcomes)
            families_->refused.with(labels({reason, outcome}));
    for (const auto* method : telegram_methods)
        for (const auto* outcome : telegram_outcomes)
            families_->telegram_calls.with(labels({method, outcome}));
}

PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::task_ended(TaskType type, TaskStatus status) {
    families_->ended.with(labels({to_string(type), to_string(status)})).Increment();
}

void PrometheusMetrics::task_processed(TaskType type, std::string_view provider, Duration took) {
    families_->processing.with(labels({to_string(type), provider}), durations)
        .Observe(seconds(took));
}

void PrometheusMetrics::tasks_in_flight(int count) { families_->in_flight.Set(count); }

void PrometheusMetrics::task_retried(TaskType type) {
    families_->retries.with(labels({to_string(type)})).Increment();
}

void PrometheusMetrics::lease_fenced() { families_->fenced.Increment(); }

void PrometheusMetrics::duplicate_dropped(std::string_view where) {
    families_->duplicates.with(labels({where})).Increment();
}

void PrometheusMetrics::dead_lettered() { families_->dead_letters.Increment(); }

void PrometheusMetrics::provider_called(std::string_view provider, std::string_view operation,
                                        std::string_view outcome, Duration took) {
    families_->provider_calls.with(labels({provider, operation, outcome})).Increment();
    families_->provider_times.with(labels({provider, operation}), durations).Observe(seconds(took));
}

void PrometheusMetrics::provider_spent(std::string_view provider, MicroRoubles cost) {
    families_->provider_costs.with(labels({provider}))
        .Increment(static_cast<double>(cost.value()) / 1e6);
}

void PrometheusMetrics::telegram_called(std::string_view method, std::string_view outcome) {
    families_->telegram_calls.with(labels({method, outcome})).Increment();
}

void PrometheusMetrics::delivery_ambiguous() { families_->ambiguous.Increment(); }

void PrometheusMetrics::delivery_refused(std::string_view reason, std::string_view outcome) {
    families_->refused.with(labels({reason, outcome})).Increment();
}

void PrometheusMetrics::polled(Time at) {
    families_->last_poll.Set(seconds(at.time_since_epoch()));
}

void PrometheusMetrics::statistics_age(Duration age) { families_->sums_age.Set(seconds(age)); }

void PrometheusMetrics::backed_up(Time at) {
    families_->last_backup.Set(seconds(at.time_since_epoch()));
}

void PrometheusMetrics::swept(const SweepReport& report) {
    const std::array<int, swept_kinds.size()> counts{
        report.leases_expired,    report.tasks_expired, report.tasks_failed,
        report.tasks_republished, report.retries_due,   report.deliveries_unknown,
        report.grants_given,      report.rows_forgotten};
    for (std::size_t i = 0; i < counts.size(); ++i)
        families_->mended.with(labels({swept_kinds.at(i)})).Increment(counts.at(i));
}

void PrometheusMetrics::ledger_checked(int violations, Time at) {
    families_->violations.Add({}).Set(violations);
    families_->ledger_checked.Add({}).Set(seconds(at.time_since_epoch()));
}

void PrometheusMetrics::ledger_check_failing(bool failing) {
    families_->ledger_check_failing.Set(failing ? 1 : 0);
}

std::string PrometheusMetrics::text(const std::optional<Statistics>& statistics) {
    if (statistics) {
        families_->balance.Set(static_cast<double>(statistics->balance_total));
        families_->held.Set(static_cast<double>(statistics->held_total));
        families_->users.Set(static_cast<double>(statistics->users));
        families_->queue_depth.Set(static_cast<double>(statistics->tasks_created));
        families_->queue_age.Set(seconds(statistics->oldest_created_task));
        families_->processing_now.Set(static_cast<double>(statistics->tasks_processing));
        families_->outbox_rows.Set(static_cast<double>(statistics->outbox_rows));
        families_->outbox_age.Set(seconds(statistics->oldest_outbox_row));
        families_->undelivered.Set(static_cast<double>(statistics->undelivered));
        families_->undelivered_age.Set(seconds(statistics->oldest_undelivered));
        // Not before the database has said them once: a jump from 0 would look like bookings.
        for (const auto type : transaction_types)
            families_->amounts.with(labels({to_string(type)}));
        for (const auto& total : statistics->booked)
            raise(families_->amounts.with(labels({to_string(total.type)})), total.amount);
        raise(families_->starting_grants.with({}), statistics->starting_grants);
        raise(families_->grants_delayed.with({}), statistics->grants_delayed);
    }
    families_->process.update();
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, families_->registry.Collect());
    return out.str();
}

}  // namespace mlbilling::prometheus_text
