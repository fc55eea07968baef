#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/sqlite/batch.hpp"
#include "adapters/sqlite/connection_thread.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "ports/async.hpp"

namespace mlbilling::sqlite {

/// Where operations are run: on the writer's thread, reports beside it on a thread and a snapshot
/// of their own; or, inline, at once on the caller's thread.
class Engine {
  public:
    /// Opens and migrates. Throws Unavailable or SchemaMismatch.
    Engine(const Options& options, const boost::asio::any_io_executor& loop, const Clock& clock);

    Async<void> run(Access access, Operation operation);
    std::int64_t commits() const;

  private:
    const Clock& clock_;
    /// Inline only.
    std::unique_ptr<Connection> inline_;
    std::unique_ptr<ConnectionThread> writer_;
    /// Absent for a database in memory, which has no second connection.
    std::unique_ptr<ConnectionThread> reporter_;
};

}  // namespace mlbilling::sqlite
