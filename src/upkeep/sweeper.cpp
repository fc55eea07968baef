#include "upkeep/sweeper.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/deadline.hpp"

namespace mlbilling {
namespace {

int most(const SweepReport& report) {
    return std::max({report.leases_expired, report.tasks_expired, report.tasks_failed,
                     report.tasks_republished, report.retries_due, report.deliveries_unknown,
                     report.rows_forgotten});
}

void write(const SweepReport& report) {
    log::info("swept", {{"leases_expired", report.leases_expired},
                        {"tasks_expired", report.tasks_expired},
                        {"tasks_failed", report.tasks_failed},
                        {"tasks_republished", report.tasks_republished},
                        {"retries_due", report.retries_due},
                        {"deliveries_unknown", report.deliveries_unknown},
                        {"rows_forgotten", report.rows_forgotten}});
}

}  // namespace

Sweeper::Sweeper(UpkeepStore& store, ResultStore& results, Clock& clock, Random& random,
                 Metrics& metrics, SweeperOptions options)
    : store_(store),
      results_(results),
      clock_(clock),
      random_(random),
      metrics_(metrics),
      options_(options),
      results_due_(clock.now()) {
    CHECK(options_.interval > Duration(1));
    CHECK(options_.keep_results > options_.policy.keep_cache);
}

Async<void> Sweeper::run() {
    while (!stopping_.is_set()) {
        bool more = false;
        try {
            more = co_await sweep();
            co_await sweep_results();
        } catch (const Unavailable& error) {
            log::warning("sweeper waits for what is down", {{"error", error.what()}});
        }
        if (!more) co_await within(clock_, jittered(options_.interval), stopping_.wait());
    }
}

Async<bool> Sweeper::sweep() {
    const auto report = co_await store_.sweep(options_.policy);
    if (most(report) == 0) co_return false;
    metrics_.swept(report);
    write(report);
    co_return most(report) >= options_.policy.batch;
}

Async<void> Sweeper::sweep_results() {
    const auto now = clock_.now();
    if (now < results_due_) co_return;
    // Set first: a store that is down is asked again after the interval, not with every sweep.
    results_due_ = now + jittered(options_.results_interval);
    const auto removed = co_await results_.remove_older_than(now - options_.keep_results);
    if (removed > 0) log::info("old results removed", {{"count", removed}});
}

Duration Sweeper::jittered(Duration span) {
    const auto range = static_cast<std::uint64_t>(span.count());
    return span / 2 + Duration(static_cast<std::int64_t>(random_.next() % range));
}

}  // namespace mlbilling
