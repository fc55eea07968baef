#include "upkeep/ledger_watch.hpp"

#include <algorithm>
#include <string>

#include "base/log.hpp"
#include "base/outage_log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling {
namespace {

constexpr Duration shortest_pause{60'000};
constexpr int pause_for_each_ms = 100;
constexpr std::size_t most_logged = 20;

}  // namespace

Async<void> LedgerWatch::check() {
    const auto found = co_await store_.verify();
    violations_ = static_cast<int>(found.size());
    for (std::size_t i = 0; i < std::min(found.size(), most_logged); ++i)
        log::error("the ledger is broken",
                   {{"invariant", found[i].invariant}, {"subject", found[i].subject}});
}

Async<void> LedgerWatch::run() {
    log::OutageLog outage("the books could not be checked");
    while (!stop_.is_set()) {
        const auto started = clock_.now();
        try {
            co_await check();
            outage.over();
        } catch (const Unavailable& error) {
            outage.tell(error.what());
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            log::error("checking the books failed", {{"reason", error.what()}});
        }
        const auto took = clock_.now() - started;
        co_await stop_.wait_within(clock_, std::max(shortest_pause, took * pause_for_each_ms));
    }
}

}  // namespace mlbilling
