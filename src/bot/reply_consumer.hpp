#pragma once

#include "bot/delivery.hpp"
#include "bot/options.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Reads the workers' replies from this process's queue and has the results delivered. Only the
/// fast road: whatever is lost on it is found by the sweep.
class ReplyConsumer {
  public:
    ReplyConsumer(const Dependencies& outside, const BotOptions& options, Deliveries& deliveries,
                  Event stop)
        : outside_(outside), options_(options), deliveries_(deliveries), stop_(std::move(stop)) {}

    /// Returns after stop.
    Async<void> run();

  private:
    Async<void> consume();
    Async<void> take(ReceivedMessage received);

    const Dependencies& outside_;
    const BotOptions& options_;
    Deliveries& deliveries_;
    Event stop_;
};

}  // namespace mlbilling::bot
