#pragma once

#include <optional>

#include "base/outage_log.hpp"
#include "bot/options.hpp"
#include "bot/poller.hpp"
#include "bot/update_lanes.hpp"
#include "bot/update_source.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Polls while this process holds the poll lease of its bot, and stands by while another does:
/// Telegram serves one poller at a time and ends the poll of all others with 409 (telegram.md 1.2).
///
/// The database's clock alone decides whose lease it is. Time of this process only ends its trust
/// in the lease: that time is counted from before the lease was asked for, so it runs out first,
/// and the poll is cut off before another process can begin one.
class LeaderPolling final : public UpdateSource {
  public:
    LeaderPolling(const Dependencies& outside, const BotOptions& options, BotId bot,
                  UpdateLanes& lanes, Event stop)
        : outside_(outside), options_(options), bot_(bot), lanes_(lanes), stop_(std::move(stop)) {}

    /// Returns after stop: what is in flight is finished, what is committed is confirmed, and the
    /// lease is given back.
    Async<void> run() override;

    UpdateState state() const override { return poller_ ? poller_->state() : state_; }

  private:
    enum class Answer { ours, not_ours, unavailable };
    /// One time of leading, from the lease's gain to its loss or to stop.
    struct Term {
        /// No new poll from here on: either of the two below, or stop.
        Event over;
        /// The lease cannot be trusted any more.
        Event lost;
        /// Nothing of this process polls any more.
        Event ended;
    };

    /// Asks for the lease, or for more of it; waits for the answer at most that long.
    Async<Answer> ask(Duration patience);
    Async<Answer> ask_store();
    Async<void> lead();
    Async<void> poll(Term term);
    Async<void> keep_lease(Term term);
    Async<void> end_with_stop(Term term);
    Async<void> release();
    Duration trust_left() const { return trusted_until_ - outside_.clock.steady_now(); }

    const Dependencies& outside_;
    const BotOptions& options_;
    BotId bot_;
    UpdateLanes& lanes_;
    Event stop_;
    log::OutageLog outage_{"the poll lease cannot be asked for"};
    UpdateState state_ = UpdateState::starting;
    /// By the steady clock.
    Duration trusted_until_{};
    std::optional<Poller> poller_;
};

}  // namespace mlbilling::bot
