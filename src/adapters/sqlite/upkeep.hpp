#pragma once

#include "adapters/sqlite/session.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling::sqlite {

/// UpkeepStore::sweep within the caller's transaction.
SweepReport sweep(Session& session, const SweepPolicy& policy);

}  // namespace mlbilling::sqlite
