#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "adapters/postgres/migrations.hpp"
#include "support/postgres_server.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// Brings the database to the newest schema; returns what was applied.
inline std::vector<std::string> migrate(const std::string& url) {
    boost::asio::io_context loop;
    postgres::Options options;
    options.url = url;
    return run(loop, postgres::migrate(options, loop.get_executor()));
}

/// A database of the shared server with our schema and nothing in it, to be copied: a test that
/// needs one of its own gets it sooner than by migrating.
inline const std::string& migrated_database() {
    static const PostgresDatabase database(PostgresServer::shared());
    static const bool migrated = !migrate(database.url()).empty();
    if (!migrated) throw std::logic_error("there was nothing to migrate");
    return database.name();
}

}  // namespace mlbilling::test
