#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/time.hpp"
#include "ports/database_copy.hpp"
#include "ports/store/backups.hpp"

namespace mlbilling {

struct BackupPolicy {
    std::filesystem::path directory;
    /// Older backups are removed, but never the newest `keep_at_least`.
    std::chrono::days keep{30};
    std::size_t keep_at_least = 3;
};

struct BackupDone {
    BackupRecord record;
    std::vector<std::filesystem::path> removed;
};

/// Makes backups of one database, whose log it is.
class Backup {
  public:
    Backup(DatabaseCopy& copy, BackupLog& log) : copy_(copy), log_(log) {}

    /// Makes one: a file appears in the directory when it is whole and on the disk, is noted in the
    /// database, and the oldest are removed. Throws CopyRefused or Unavailable.
    Async<BackupDone> make(BackupPolicy policy, Time now);

  private:
    DatabaseCopy& copy_;
    BackupLog& log_;
};

}  // namespace mlbilling
