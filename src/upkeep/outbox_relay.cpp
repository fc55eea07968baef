#include "upkeep/outbox_relay.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "domain/retry.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling {
Async<void> OutboxRelay::run() {
    int failures = 0;
    log::OutageLog outage("outbox waits for what is down");
    while (!stopping_) {
        kicked_.reset();
        auto wait = Duration(0);
        try {
            wait = co_await relay();
            failures = 0;
            outage.over();
        } catch (const Unavailable& error) {
            outage.tell(error.what());
            wait = backoff(while_down, ++failures, random_.next());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("relaying the outbox failed", {{"error", error.what()}});
            wait = backoff(while_down, ++failures, random_.next());
        }
        if (!stopping_ && wait > Duration(0)) co_await kicked_.wait_within(clock_, wait);
    }
}

void OutboxRelay::stop() {
    stopping_ = true;
    kicked_.set();
}

Async<Duration> OutboxRelay::relay() {
    const auto limit = std::min(options_.batch, co_await broker_.room());
    // A full queue empties within moments: not the time to look less often.
    if (limit <= 0) co_return options_.shortest_wait;
    auto rows = co_await store_.take_outbox(limit, options_.claim);
    const auto taken = static_cast<int>(rows.size());
    const auto published = taken == 0 ? 0 : co_await publisher_.publish_all(std::move(rows));
    if (published > 0) log::info("outbox relayed", {{"taken", taken}, {"published", published}});
    if (published == 0) {
        const auto wait = wait_;
        wait_ = std::min(wait_ * 2, options_.longest_wait);
        co_return wait;
    }
    wait_ = options_.shortest_wait;
    co_return taken == limit ? Duration(0) : wait_;
}

}  // namespace mlbilling
