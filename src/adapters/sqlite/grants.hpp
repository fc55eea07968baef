#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::sqlite {

/// Who is to be given the starting grant, and where they are told when they have to wait for it.
struct Newcomer {
    UserId user;
    StartingGrant start;
    std::optional<Place> place;
};
/// Gives the grant, or owes it when the hour's are used up; what was given now.
Credits grant(Session& session, const Newcomer& newcomer);

/// Gives the owed grants whose hour has come, with a notice; how many.
int give_owed_grants(Session& session, int limit);

}  // namespace mlbilling::sqlite
