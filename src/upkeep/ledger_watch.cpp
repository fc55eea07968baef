#include "upkeep/ledger_watch.hpp"

#include <algorithm>
#include <string>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling {
namespace {

constexpr Duration min_pause{60'000};
constexpr int pause_for_each_ms = 100;
constexpr Duration pause_after_failure{2'000};
/// One may be the end of a connection that is back already.
constexpr int failures_that_count = 2;
constexpr std::size_t max_logged = 20;

}  // namespace

Async<void> LedgerWatch::check() {
    const auto found = co_await store_.verify();
    state_ = {static_cast<int>(found.size()), clock_.now(), std::nullopt};
    failures_ = 0;
    for (std::size_t i = 0; i < std::min(found.size(), max_logged); ++i)
        log::error("the ledger is broken",
                   {{"invariant", found[i].invariant}, {"subject", found[i].subject}});
}

Async<bool> LedgerWatch::database_answers() {
    try {
        static_cast<void>(co_await store_.prices());
        co_return true;
    } catch (const Unavailable&) {
        // That is told by whoever needs the database more often.
        co_return false;
    }
}

void LedgerWatch::failed(const std::string& why) {
    if (++failures_ < failures_that_count) return;
    // Told once: the checks that follow soon would say the same again and again.
    if (!state_.failure) log::error("the books could not be checked", {{"reason", why}});
    state_.failure = why;
}

Async<void> LedgerWatch::run() {
    while (!stop_.is_set()) {
        const auto started = clock_.now();
        std::string failure;
        try {
            co_await check();
        } catch (const Unavailable& error) {
            failure = error.what();
        } catch (const std::exception& error) {
            if (is_cancellation(error)) throw;
            failure = error.what();
        }
        // A database that is away says nothing about the books in it.
        if (!failure.empty() && co_await database_answers()) failed(failure);
        const auto took = clock_.now() - started;
        const auto pause = failure.empty() ? std::max(min_pause, took * pause_for_each_ms)
                                           : std::max(pause_after_failure, took);
        co_await stop_.wait_within(clock_, pause);
    }
}

}  // namespace mlbilling
