#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// A backup that is whole and on the disk.
struct BackupRecord {
    std::string file;
    std::int64_t bytes = 0;
    /// The moment whose data it holds.
    Time made_at;
};

/// What the database knows of its own backups, so that everybody who works in it can tell how much
/// could be lost. Throws Unavailable.
class BackupLog {
  public:
    virtual ~BackupLog() = default;

    virtual Async<void> record_backup(BackupRecord record) = 0;
    /// When the newest of them was made; absent when there was none.
    virtual Async<std::optional<Time>> last_backup() = 0;
};

}  // namespace mlbilling
