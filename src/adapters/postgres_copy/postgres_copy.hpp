#pragma once

#include <string>
#include <vector>

#include "adapters/child_process/child_process.hpp"
#include "ports/database_copy.hpp"

namespace mlbilling::postgres_copy {

/// Copies a PostgreSQL database with PostgreSQL's own pg_dump and pg_restore, which must be of the
/// server's major version or a newer one. The connection must reach the server itself: PgBouncer in
/// transaction mode breaks the one snapshot that makes the copy consistent.
class PostgresCopy final : public DatabaseCopy {
  public:
    /// `children` must outlive this.
    PostgresCopy(child_process::ChildProcesses& children, std::string url);

    std::string suffix() const override { return ".dump"; }
    Async<void> write(std::filesystem::path file) override;
    Async<void> restore(std::filesystem::path file) override;

  private:
    /// Runs one of PostgreSQL's programs to its end; its output. Throws CopyRefused with what it
    /// said last when it fails.
    Async<std::string> run(std::string program, std::vector<std::string> arguments,
                           std::string output_file = {});
    Async<void> require_empty();

    child_process::ChildProcesses& children_;
    std::string url_;
    std::vector<std::string> environment_;
};

}  // namespace mlbilling::postgres_copy
