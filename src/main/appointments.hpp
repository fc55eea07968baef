#pragma once

#include <vector>

#include "base/ids.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/store/operator.hpp"

namespace mlbilling {

/// Makes the users of ADMIN_TELEGRAM_IDS admins: at once who is known, and the others soon after
/// they have written to the bot.
class Appointments {
  public:
    Appointments(OperatorStore& store, Clock& clock, std::vector<TelegramId> admins)
        : store_(store), clock_(clock), waiting_(std::move(admins)) {}

    /// Returns when all are appointed, or after stop().
    Async<void> run();
    void stop() { stop_.set(); }

  private:
    Async<bool> appoint(TelegramId user);

    OperatorStore& store_;
    Clock& clock_;
    std::vector<TelegramId> waiting_;
    Event stop_;
};

}  // namespace mlbilling
