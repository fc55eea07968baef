#include "bot/leader_polling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "bot/waiting.hpp"
#include "ports/all.hpp"
#include "ports/deadline.hpp"

namespace mlbilling::bot {
namespace {

/// What ending a poll may take, and what two clocks may differ within one lease.
constexpr Duration margin{500};
constexpr Duration ask_again_after{250};

}  // namespace

Async<void> LeaderPolling::run() {
    while (!stop_.is_set()) {
        const auto answer = co_await ask(options_.poll_lease);
        if (answer == Answer::ours && trust_left() > Duration(0)) {
            co_await lead();
            continue;
        }
        const auto before = state_;
        state_ =
            answer == Answer::not_ours ? UpdateState::standing_by : UpdateState::store_unavailable;
        if (state_ != before && state_ == UpdateState::standing_by)
            log::info("another process polls for updates; this one stands by");
        co_await stop_.wait_within(outside_.clock, options_.ask_for_poll_lease_every);
    }
    co_await release();
}

Async<LeaderPolling::Answer> LeaderPolling::ask(Duration patience) {
    const auto asked_at = outside_.clock.steady_now();
    const auto answer = co_await within(outside_.clock, patience, ask_store());
    if (answer == Answer::ours) trusted_until_ = asked_at + options_.poll_lease - margin;
    co_return answer.value_or(Answer::unavailable);
}

Async<LeaderPolling::Answer> LeaderPolling::ask_store() {
    try {
        const bool ours = co_await outside_.poll_leases.hold_poll_lease(bot_, options_.process_name,
                                                                        options_.poll_lease);
        outage_.over();
        co_return ours ? Answer::ours : Answer::not_ours;
    } catch (const Unavailable& error) {
        outage_.tell(error.what());
        co_return Answer::unavailable;
    }
}

Async<void> LeaderPolling::lead() {
    log::info("this process polls for updates");
    const Term term;
    std::vector<Async<void>> works;
    works.push_back(poll(term));
    works.push_back(keep_lease(term));
    works.push_back(end_with_stop(term));
    co_await all(std::move(works));
    poller_.reset();
    state_ = UpdateState::starting;
}

Async<void> LeaderPolling::poll(Term term) {
    // A new one for each term: its offset is 0, and Telegram begins with what nobody has confirmed.
    poller_.emplace(outside_, options_, lanes_, term.over);
    co_await poller_->run();
    co_await unless_set(term.lost, poller_->confirm());
    term.ended.set();
}

Async<void> LeaderPolling::keep_lease(Term term) {
    auto wait = options_.renew_poll_lease_every;
    while (!co_await term.ended.wait_within(outside_.clock, std::min(wait, trust_left()))) {
        const auto left = trust_left();
        const auto answer = left > Duration(0) ? co_await ask(left) : Answer::unavailable;
        if (answer == Answer::not_ours || trust_left() <= Duration(0)) {
            log::warning("the poll lease is lost; this process stops polling");
            term.lost.set();
            term.over.set();
            co_return;
        }
        wait = answer == Answer::ours ? options_.renew_poll_lease_every : ask_again_after;
    }
}

Async<void> LeaderPolling::end_with_stop(Term term) {
    co_await unless_set(term.ended, stop_.wait());
    term.over.set();
}

Async<void> LeaderPolling::release() {
    try {
        // Also when it is not known to be ours: an answer may have been lost.
        co_await outside_.poll_leases.release_poll_lease(bot_, options_.process_name);
    } catch (const Unavailable& error) {
        log::warning("the poll lease is not given back and has to run out",
                     {{"error", error.what()}});
    }
}

}  // namespace mlbilling::bot
