#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bot/options.hpp"
#include "bot/update_lanes.hpp"
#include "bot/update_source.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Asks Telegram for updates, from the first that is not confirmed, and hands them on. The offset
/// moves only past updates whose effects are committed (design.md, Nothing is lost); nothing that
/// goes wrong ends the loop. A webhook that is in its way is removed.
class Poller {
  public:
    Poller(const Dependencies& outside, const BotOptions& options, UpdateLanes& lanes, Event stop)
        : telegram_(outside.telegram),
          clock_(outside.clock),
          random_(outside.random),
          metrics_(outside.metrics),
          timeout_(options.poll_timeout),
          lanes_(lanes),
          stop_(std::move(stop)) {}

    /// Returns after stop, when what is in flight is finished.
    Async<void> run();

    /// Tells Telegram of the last updates that are committed, which only another poll can. False
    /// when it was not told; they come again then.
    Async<bool> confirm();

    UpdateState state() const { return state_; }

  private:
    /// Asks without waiting until it is known that Telegram answers: readiness must not take a
    /// whole poll.
    Duration next_timeout() const {
        return state_ == UpdateState::receiving ? timeout_ : Duration(0);
    }
    Async<void> poll_once();
    Async<telegram::Outcome<std::vector<telegram::Update>>> ask();
    /// One of the updates cannot be read. It is found by asking for the first alone, and passed
    /// over; those beside it are taken.
    Async<void> pass_over(telegram::Error error);
    void stop_searching();
    Async<void> take(std::vector<telegram::Update> updates);
    void advance(const std::vector<UpdateId>& ids, const std::vector<bool>& done);
    Async<void> wait_after(telegram::Error error);
    /// Whether a webhook was in the way and is gone now.
    Async<bool> remove_webhook();
    Async<void> back_off(Duration least, Duration most);
    void succeeded();

    telegram::Api& telegram_;
    Clock& clock_;
    Random& random_;
    Metrics& metrics_;
    Duration timeout_;
    UpdateLanes& lanes_;
    Event stop_;
    UpdateState state_ = UpdateState::starting;
    std::int64_t offset_ = 0;
    int failures_ = 0;
    /// An update cannot be read, and they are asked for one by one until it is found.
    bool one_by_one_ = false;
    /// The update that was not readable, nor its id, stood here or behind.
    std::optional<std::int64_t> nameless_from_;
};

}  // namespace mlbilling::bot
