#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Which of a bot's processes asks Telegram for updates: Telegram answers 409 when two do. The
/// database's clock alone decides. Throws Unavailable.
class PollLeaseStore {
  public:
    virtual ~PollLeaseStore() = default;

    /// Takes the lease, or makes the holder's own last longer: true when it is the holder's for
    /// `lease` from now; false while it is another's.
    virtual Async<bool> hold_poll_lease(BotId bot, std::string holder, Duration lease) = 0;
    /// Lets another take it at once; changes nothing when it is another's.
    virtual Async<void> release_poll_lease(BotId bot, std::string holder) = 0;
};

}  // namespace mlbilling
