#include "failing_disk.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>

namespace mlbilling::test {
namespace {

// SQLite's callbacks carry no context of ours.
std::atomic<int> sync_count = 0;
std::atomic<bool> syncs_fail = false;
std::atomic<bool> writes_fail = false;

/// A file's methods with some replaced. SQLite has several kinds of files, each with its own
/// methods.
struct Methods {
    sqlite3_io_methods ours;
    const sqlite3_io_methods* real;
};
std::mutex known_mutex;
std::map<const sqlite3_io_methods*, Methods> known;

const sqlite3_io_methods& real_methods(const sqlite3_file* file) {
    return *reinterpret_cast<const Methods*>(file->pMethods)->real;
}

int sync(sqlite3_file* file, int flags) {
    ++sync_count;
    return syncs_fail ? SQLITE_IOERR_FSYNC : real_methods(file).xSync(file, flags);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    return writes_fail ? SQLITE_IOERR_WRITE : real_methods(file).xWrite(file, bytes, count, offset);
}

int open(sqlite3_vfs* layer, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    auto* real = static_cast<sqlite3_vfs*>(layer->pAppData);
    const int code = real->xOpen(real, name, file, flags, out);
    if (code != SQLITE_OK || file->pMethods == nullptr) return code;
    const std::lock_guard lock(known_mutex);
    auto& methods =
        known.try_emplace(file->pMethods, Methods{*file->pMethods, file->pMethods}).first->second;
    methods.ours.xSync = sync;
    methods.ours.xWrite = write;
    file->pMethods = &methods.ours;
    return code;
}

}  // namespace

FailingDisk::FailingDisk() : real_(sqlite3_vfs_find(nullptr)), layer_(*real_) {
    // Only opening is ours; all else is the real layer's, under another name.
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

int FailingDisk::syncs() { return sync_count; }
void FailingDisk::fail_syncs(bool fail) { syncs_fail = fail; }
void FailingDisk::fail_writes(bool fail) { writes_fail = fail; }

}  // namespace mlbilling::test
