#include "failing_disk.hpp"

#include <atomic>
#include <stdexcept>

namespace mlbilling::test {
namespace {

// SQLite's callbacks carry no context of ours.
std::atomic<bool> syncs_fail = false;
std::atomic<bool> writes_fail = false;
const sqlite3_io_methods* real_methods = nullptr;
sqlite3_io_methods methods;

int sync(sqlite3_file* file, int flags) {
    return syncs_fail ? SQLITE_IOERR_FSYNC : real_methods->xSync(file, flags);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    return writes_fail ? SQLITE_IOERR_WRITE : real_methods->xWrite(file, bytes, count, offset);
}

int open(sqlite3_vfs* layer, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    auto* real = static_cast<sqlite3_vfs*>(layer->pAppData);
    const int code = real->xOpen(real, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == nullptr) return code;
    real_methods = file->pMethods;
    methods = *real_methods;
    methods.xSync = sync;
    methods.xWrite = write;
    file->pMethods = &methods;
    return code;
}

}  // namespace

FailingDisk::FailingDisk() : real_(sqlite3_vfs_find(nullptr)), layer_(*real_) {
    // The base layer passes itself on to its functions through pAppData, so ours only wraps xOpen.
    layer_.zName = "failing-disk";
    layer_.pAppData = real_;
    layer_.xOpen = open;
    if (sqlite3_vfs_register(&layer_, 1) != SQLITE_OK) throw std::runtime_error("vfs");
}

FailingDisk::~FailingDisk() {
    syncs_fail = false;
    writes_fail = false;
    sqlite3_vfs_unregister(&layer_);
    sqlite3_vfs_register(real_, 1);
}

void FailingDisk::fail_syncs(bool fail) { syncs_fail = fail; }
void FailingDisk::fail_writes(bool fail) { writes_fail = fail; }

}  // namespace mlbilling::test
