#pragma once

#include "adapters/postgres/database.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling::postgres {

/// Mends what is due, in one transaction for each kind, so that no lock is held for longer than its
/// kind takes. Rows that another process is mending or settling are left to it.
Async<SweepReport> sweep(Database& database, SweepPolicy policy);

}  // namespace mlbilling::postgres
