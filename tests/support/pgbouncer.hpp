#pragma once

#include <cstdint>
#include <string>

#include "support/postgres_server.hpp"
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {

/// A real PgBouncer before a server, in transaction mode, with few connections to it. It may take a
/// moment before it answers. Stopped at the end, also when the test is killed.
class PgBouncer {
  public:
    explicit PgBouncer(const PostgresServer& server, int connections = 4);
    ~PgBouncer();
    PgBouncer(const PgBouncer&) = delete;
    PgBouncer& operator=(const PgBouncer&) = delete;

    std::string url(const std::string& database) const;

  private:
    TemporaryDirectory directory_;
    std::uint16_t port_;
    OnLeash process_;
};

}  // namespace mlbilling::test
