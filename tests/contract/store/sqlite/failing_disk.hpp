#pragma once

#include <sqlite3.h>

namespace mlbilling::test {

/// While it lives, databases are opened on the real disk through a layer that can be told to fail
/// (SQLite documentation, The OS Backend). One at a time; it must outlive the databases.
class FailingDisk {
  public:
    FailingDisk();
    ~FailingDisk();
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;

    void fail_syncs(bool fail);
    void fail_writes(bool fail);
    /// How often something was to reach the disk for certain.
    static int syncs();

  private:
    sqlite3_vfs* real_;
    sqlite3_vfs layer_;
};

}  // namespace mlbilling::test
