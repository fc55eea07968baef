#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/options.hpp"
#include "base/result.hpp"
#include "ports/async.hpp"
#include "ports/clock.hpp"

namespace mlbilling {

/// What was copied, and proved to be there.
struct CopyReport {
    struct Table {
        std::string_view name;
        std::int64_t rows = 0;
    };
    std::vector<Table> tables;
};

/// Copies the whole book from a SQLite file into an empty PostgreSQL database, in one transaction
/// there: all of it or nothing. Both schemas are brought to the newest first; nobody can write into
/// the file meanwhile. The problem says why nothing was copied: the source breaks an invariant of
/// the ledger, the target is not empty, or what arrived is not what was sent (row counts, and the
/// invariants again). Throws Unavailable, or a SchemaMismatch of either adapter.
Async<Result<CopyReport>> copy_sqlite_to_postgres(std::string path, postgres::Options target,
                                                  boost::asio::any_io_executor loop,
                                                  const Clock* clock);

}  // namespace mlbilling
