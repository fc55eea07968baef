#pragma once

#include <string>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "base/time.hpp"

namespace mlbilling::sqlite {

/// Brings the database to the newest schema, each migration in a transaction of its own, and
/// returns the names of those that were applied now. Safe while another process does the same.
/// Throws SchemaMismatch (sqlite_store.hpp) for a database that this program does not know, or
/// Unavailable.
std::vector<std::string> migrate(Connection& database, Time now);

}  // namespace mlbilling::sqlite
