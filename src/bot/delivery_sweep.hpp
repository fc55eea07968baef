#pragma once

#include "bot/delivery.hpp"
#include "bot/options.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Looks every few seconds for answers that are due, whoever made them so: the safety net under
/// every faster road.
class DeliverySweep {
  public:
    DeliverySweep(const Dependencies& outside, const BotOptions& options, Deliveries& deliveries,
                  Event stop)
        : outside_(outside), options_(options), deliveries_(deliveries), stop_(std::move(stop)) {}

    /// Returns after stop.
    Async<void> run();

  private:
    const Dependencies& outside_;
    const BotOptions& options_;
    Deliveries& deliveries_;
    Event stop_;
};

}  // namespace mlbilling::bot
