#include "worker/kept_lease.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/cancellation.hpp"

namespace mlbilling {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<void> extend(WorkStore& store, Clock& clock, LeaseTerms terms,
                   std::shared_ptr<Attempt> attempt, Event over, Event lost) {
    const auto& task = attempt->task;
    auto good_until = attempt->started + terms.lease;
    do {
        const auto asked_at = clock.now();
        bool ours = true;
        try {
            ours = co_await store.extend_lease(task.id, task.epoch, terms.lease);
            good_until = asked_at + terms.lease;
        } catch (const Unavailable& error) {
            log::warning("lease not extended", {{"task", task.id}, {"error", error.what()}});
        }
        if (over.is_set()) co_return;
        if (!ours || clock.now() >= good_until) {
            log::warning("lease lost", {{"task", task.id}, {"epoch", task.epoch}});
            lost.set();
            co_return;
        }
    } while (!co_await over.wait_within(clock, terms.heartbeat));
}

/// A lease that cannot be kept is given up with its task alone: it runs out, and another worker
/// takes it.
void give_up(const std::exception_ptr& error, Event lost) {
    try {
        if (error) std::rethrow_exception(error);
    } catch (const std::exception& failure) {
        if (!is_cancellation(failure))
            log::error("keeping a lease failed", {{"error", failure.what()}});
        lost.set();
    }
}

}  // namespace

KeptLease::KeptLease(boost::asio::any_io_executor loop, WorkStore& store, Clock& clock,
                     LeaseTerms terms, std::shared_ptr<Attempt> attempt) {
    auto begin = [loop = std::move(loop), &store, &clock, terms, attempt = std::move(attempt),
                  over = over_, lost = lost_] {
        boost::asio::co_spawn(loop, extend(store, clock, terms, attempt, over, lost),
                              [lost](const std::exception_ptr& error) { give_up(error, lost); });
    };
    first_ = clock.ring_after(terms.heartbeat, std::move(begin));
}

}  // namespace mlbilling
