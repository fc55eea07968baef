#pragma once

#include <string_view>

#include "ports/async.hpp"

namespace mlbilling::bot {

/// How it stands with the updates, for readiness.
enum class UpdateState {
    starting,
    receiving,
    standing_by,        ///< another process polls; this one takes over when it ends
    unreachable,        ///< Telegram does not answer
    unreadable,         ///< Telegram answers with an update that cannot be read
    store_unavailable,  ///< updates cannot be stored and wait at Telegram
    conflict,           ///< somebody without our lease polls with our token
    unauthorized,       ///< the token is not valid (any more)
    webhook_refused     ///< Telegram does not take the webhook's address or secret
};

std::string_view to_string(UpdateState state);

/// Whether the process does its part.
bool is_ready(UpdateState state);

/// Where the updates of a bot come from: polls, or a webhook.
class UpdateSource {
  public:
    virtual ~UpdateSource() = default;

    /// Works until it is told to stop; what is in flight is finished then. Nothing that goes wrong
    /// outside ends it.
    virtual Async<void> run() = 0;
    virtual UpdateState state() const = 0;
};

}  // namespace mlbilling::bot
