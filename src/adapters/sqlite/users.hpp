#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::sqlite {

struct Registered {
    Profile profile;
    /// What was granted now; nothing where the grant is owed.
    Credits granted;
};

/// Who comes, and how.
struct Arrival {
    Sender sender;
    StartingGrant start;
    /// False: another producer names them, which is a first contact only if it grants something.
    bool by_bot = true;
    /// Where they are told of a grant that they have to wait for.
    std::optional<Place> place;
};
Arrival arrival_of(const IntakeStore::AnswerRequest& request);

/// The sender's profile; an unknown sender is registered, and granted the starting grant at the
/// first contact.
Registered registered(Session& session, const Arrival& arrival);

/// Changes what is set of the user's settings.
void change(Session& session, UserId user, const SettingsChange& change);

}  // namespace mlbilling::sqlite
