#include "upkeep/sweeper.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "ports/all.hpp"
#include "ports/cancellation.hpp"
#include "ports/until.hpp"

namespace mlbilling {
namespace {

int most(const SweepReport& report) {
    return std::max({report.leases_expired, report.tasks_expired, report.tasks_failed,
                     report.tasks_republished, report.retries_due, report.deliveries_unknown,
                     report.refused_refunded, report.grants_given, report.rows_forgotten});
}

void write(const SweepReport& report) {
    log::info("swept", {{"leases_expired", report.leases_expired},
                        {"tasks_expired", report.tasks_expired},
                        {"tasks_failed", report.tasks_failed},
                        {"tasks_republished", report.tasks_republished},
                        {"retries_due", report.retries_due},
                        {"deliveries_unknown", report.deliveries_unknown},
                        {"refused_refunded", report.refused_refunded},
                        {"credits_refunded", report.credits_refunded.value()},
                        {"grants_given", report.grants_given},
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
      options_(options) {
    CHECK(options_.interval > Duration(1));
    CHECK(options_.keep_results > options_.policy.keep_cache);
    options_.policy.keep_refused = options_.keep_results;
}

Async<void> Sweeper::run() {
    std::vector<Async<void>> loops;
    loops.push_back(mend());
    loops.push_back(remove_old_results());
    co_await all(std::move(loops));
}

Async<void> Sweeper::mend() {
    log::OutageLog outage("sweeper waits for what is down");
    while (!stopping_.is_set()) {
        bool more = false;
        try {
            more = co_await sweep();
            outage.over();
        } catch (const Unavailable& error) {
            outage.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("a sweep failed", {{"error", error.what()}});
        }
        if (!more) co_await stopping_.wait_within(clock_, jittered(options_.interval));
    }
}

// Beside the sweeps: a bucket with much to remove, or one that is slow to say that it is down, must
// not hold up the tasks.
Async<void> Sweeper::remove_old_results() {
    log::OutageLog outage("old results are not removed now");
    while (!stopping_.is_set()) {
        try {
            const auto moment = clock_.now() - options_.keep_results;
            const auto removed = co_await until(stopping_, results_.remove_older_than(moment));
            outage.over();
            if (removed.value_or(0) > 0) log::info("old results removed", {{"count", *removed}});
        } catch (const Unavailable& error) {
            outage.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("removing old results failed", {{"error", error.what()}});
        }
        co_await stopping_.wait_within(clock_, jittered(options_.results_interval));
    }
}

Async<bool> Sweeper::sweep() {
    const auto report = co_await store_.sweep(options_.policy);
    if (most(report) == 0) co_return false;
    metrics_.swept(report);
    write(report);
    co_return most(report) >= options_.policy.batch;
}

Duration Sweeper::jittered(Duration span) {
    const auto range = static_cast<std::uint64_t>(span.count());
    return span / 2 + Duration(static_cast<std::int64_t>(random_.next() % range));
}

}  // namespace mlbilling
