#pragma once

#include <cstdint>

#include "support/postgres_server.hpp"

namespace mlbilling::bench {

/// Fills the book with tasks of the registered users that were charged and delivered in the past
/// year, a credit each, as the service leaves them: task, hold, transaction and delivery. Says how
/// far it is on stderr. Minutes for each million.
void add_old_tasks(const test::PostgresDatabase& database, std::int64_t count);

}  // namespace mlbilling::bench
