#pragma once

#include "bot/answer.hpp"
#include "bot/options.hpp"
#include "ports/store/deliveries.hpp"

namespace mlbilling::bot {

/// Puts what is due into words, in the user's language and with the figures of the moment it is
/// sent.
class Composer {
  public:
    explicit Composer(const Dependencies& outside)
        : intake_(outside.intake), speech_(outside.speech) {}

    /// The task that the answer is about: the delivery's own, or the one that a user wants to have
    /// again, if it is theirs and has ended. Throws Unavailable.
    Async<std::optional<TaskRecord>> task_of(ClaimedDelivery delivery);
    /// Reads what the answer needs besides the delivery. Throws Unavailable.
    Async<Answer> compose(ClaimedDelivery delivery);

  private:
    Async<TextPart> with_prices(ClaimedDelivery delivery);
    Async<TextPart> history(ClaimedDelivery delivery);

    IntakeStore& intake_;
    Speech& speech_;
};

}  // namespace mlbilling::bot
