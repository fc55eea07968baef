#pragma once

#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/store/store.hpp"

namespace mlbilling {

/// What stands behind one user's chat right now, as one JSON object: balance, newest tasks with
/// price, hold, attempts and delivery, newest ledger lines, and whether the books balance. For the
/// chat page and for `admin`. Runs on the event loop; throws Unavailable.
class Story {
  public:
    Story(Store& store, Clock& clock) : store_(store), clock_(clock) {}

    /// `provider` and `provider_mode` are shown as they are.
    Async<std::string> of(TelegramId user, std::string provider, std::string provider_mode);

  private:
    Async<void> refresh_books();

    Store& store_;
    Clock& clock_;
    // Verifying reads the whole book, and the page asks every second.
    Time books_read_at_;
    int violations_ = 0;
    Statistics statistics_;
};

}  // namespace mlbilling
