#pragma once

#include <optional>

#include "adapters/postgres/database.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::postgres {

/// Records that the update takes effect now; false when it did before. Waits for another
/// transaction that is recording the same one.
Async<bool> is_first_time(Session& session, UpdateKey update);

Async<std::optional<Profile>> find_profile(Session& session, TelegramId user);
/// The same outside a transaction: one round trip.
Async<std::optional<Profile>> read_profile_of(Database& database, TelegramId user);
Async<Profile> profile_of(Session& session, UserId user);

struct Registered {
    Profile profile;
    /// What was granted now; nothing where the grant is owed.
    Credits granted;
};

/// Who comes to the bot, and where they are told of a grant that they have to wait for.
struct Arrival {
    Sender sender;
    StartingGrant start;
    Place place;
};
/// The sender's profile; an unknown sender is registered, and granted the starting grant at the
/// first contact.
Async<Registered> registered(Session& session, const Arrival& arrival);
Async<Registered> registered(Session& session, const IntakeStore::AnswerRequest& request);

/// Changes what is set of the user's settings.
void change(Session& session, UserId user, const SettingsChange& change);

}  // namespace mlbilling::postgres
