#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::sqlite {

struct Registered {
    Profile profile;
    /// Whether this was the first contact.
    bool is_new = false;
};

/// The sender's profile; an unknown sender is registered and granted `start_balance`.
Registered registered(Session& session, const Sender& sender, Credits start_balance);

/// Changes what is set of the user's settings.
void change(Session& session, UserId user, const SettingsChange& change);

}  // namespace mlbilling::sqlite
