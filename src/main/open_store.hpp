#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "main/config.hpp"
#include "ports/clock.hpp"
#include "ports/store/store.hpp"

namespace mlbilling {

/// The store that DATABASE_URL names. A SQLite file is brought to the newest schema; PostgreSQL must
/// have it already. Throws what to do when it cannot be used.
std::unique_ptr<Store> open_store(const Config& config, boost::asio::io_context& loop,
                                  const Clock& clock);

/// Brings the database to the newest schema; the names of the migrations applied now.
std::vector<std::string> migrate_store(const Config& config);

/// `the SQLite file data/mlbilling.db`, `PostgreSQL at db.example:5432`: for people, without secrets.
std::string describe_database(const DatabaseUrl& database);

}  // namespace mlbilling
