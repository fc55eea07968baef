#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "support/guarded_process.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {

/// A real PgBouncer before a server, in transaction mode, with few connections to it. It may take a
/// moment before it answers. Stopped at the end, also when the test is killed.
class PgBouncer {
  public:
    explicit PgBouncer(const PostgresServer& server, int connections = 4);

    std::string url(const std::string& database) const;

  private:
    TemporaryDirectory directory_;
    std::uint16_t port_;
    std::unique_ptr<GuardedProcess> process_;
};

}  // namespace mlbilling::test
