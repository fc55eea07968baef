#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/postgres/options.hpp"
#include "ports/async.hpp"

namespace mlbilling::postgres {

/// The database is not one that this program can work with: older, newer, or another program's.
/// Trying again does not help; the message says what to do.
class SchemaMismatch : public std::runtime_error {
  public:
    explicit SchemaMismatch(const std::string& what) : std::runtime_error(what) {}
};

/// Brings the database to the newest schema, each migration in a transaction of its own, and
/// returns the names of those that were applied now. Safe while other processes do the same: they
/// wait for each other. Throws SchemaMismatch for a database that this program does not know, or
/// Unavailable.
Async<std::vector<std::string>> migrate(Options options, boost::asio::any_io_executor loop);

/// For a program that must not migrate: throws SchemaMismatch unless the schema is exactly the one
/// that it was made for, or Unavailable.
Async<void> check_schema(Options options, boost::asio::any_io_executor loop);

}  // namespace mlbilling::postgres
