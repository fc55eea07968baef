#pragma once

#include <filesystem>
#include <string>

#include "support/postgres_server.hpp"

namespace mlbilling::bench {

/// What a commit costs at least: 4 KiB appends with fdatasync per second, in that directory.
double syncs_per_second(const std::filesystem::path& directory, double seconds);

/// Transactions per second of `pgbench -N` (three short statements and a durable commit each), with
/// its own tables in a database of its own.
double pgbench_rate(test::PostgresServer& server, int clients, int seconds);

/// Processor time that the server and all its processes have used.
double server_seconds(const test::PostgresServer& server);
/// The same for this process.
double own_seconds();

}  // namespace mlbilling::bench
