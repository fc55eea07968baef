#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "main/config.hpp"
#include "ports/clock.hpp"
#include "ports/store/store.hpp"

namespace mlbilling {

/// What is done with a schema that is not the newest one.
enum class Schema {
    migrate,  ///< it is brought to the newest one
    check,    ///< the start is refused; a SQLite file must exist, and is migrated all the same
    checked   ///< the caller has checked it just now; of PostgreSQL only
};

/// The store that DATABASE_URL names. Runs the loop for a moment. Throws, with what to do, when it
/// cannot be used.
std::unique_ptr<Store> open_store(const Config& config, Schema schema,
                                  boost::asio::io_context& loop, const Clock& clock);

/// Brings the database to the newest schema; the names of the migrations applied now.
std::vector<std::string> migrate_store(const DatabaseUrl& database);

/// `data/mlbilling.db`, or `PostgreSQL at db.example:5432`: for people, without secrets.
std::string describe_database(const DatabaseUrl& database);

}  // namespace mlbilling
