#include "adapters/files/blobs.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/unavailable.hpp"
#include "ports/results.hpp"

namespace mlbilling::files {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_prefix = ".writing-";

[[noreturn]] void fail(const char* action, int error) {
    throw Unavailable(std::string("result store: cannot ") + action + ": " +
                      std::generic_category().message(error));
}

/// Gone at the end unless it was renamed.
class TemporaryFile {
  public:
    explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
    ~TemporaryFile() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const fs::path& path() const { return path_; }
    void rename_to(const fs::path& final_path) {
        if (::rename(path_.c_str(), final_path.c_str()) != 0) fail("rename a blob", errno);
        path_.clear();
    }

  private:
    fs::path path_;
};

fs::path temporary_name(const fs::path& parent) {
    static std::atomic<std::uint64_t> counter = 0;
    return parent / (std::string(temporary_prefix) + std::to_string(::getpid()) + '-' +
                     std::to_string(counter++));
}

void write_all(int descriptor, const std::string& bytes) {
    for (std::size_t written = 0; written < bytes.size();) {
        const auto count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("write a blob", count < 0 ? errno : ENOSPC);
        written += static_cast<std::size_t>(count);
    }
}

/// Makes the missing directories down to `path`.
void make_directories(const fs::path& path) {
    const auto make = [&] { return ::mkdir(path.c_str(), 0750) == 0 || errno == EEXIST; };
    if (make()) return;
    if (errno != ENOENT) fail("make a directory", errno);
    make_directories(path.parent_path());
    // One that is swept away in between is made by the next try.
    if (!make() && errno != ENOENT) fail("make a directory", errno);
}

/// One try; false when the directory is not there (any more).
bool try_write(const fs::path& path, const std::string& bytes) {
    TemporaryFile temporary(temporary_name(path.parent_path()));
    Descriptor descriptor(::open(temporary.path().c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (descriptor.number() < 0) {
        if (errno == ENOENT) return false;
        fail("create a blob", errno);
    }
    write_all(descriptor.number(), bytes);
    // Closing may report a write that failed late (NFS).
    if (::close(descriptor.release()) != 0) fail("write a blob", errno);
    temporary.rename_to(path);
    return true;
}

Time modified_at(const struct stat& status) {
    return Time(Duration(status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000));
}

/// Removes old files below the directory, and directories that held nothing young; says whether it
/// is empty now. Files that vanish meanwhile are another process's doing.
bool sweep(const fs::path& directory, Time moment, int& removed) {
    bool empty = true;
    std::error_code error;
    std::vector<fs::path> names;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error))
        names.push_back(entry->path());
    if (error && error.value() != ENOENT) fail("list the blobs", error.value());
    for (const auto& path : names) {
        struct stat status = {};
        if (::lstat(path.c_str(), &status) != 0) continue;
        if (S_ISDIR(status.st_mode)) {
            const bool gone = sweep(path, moment, removed) && modified_at(status) < moment &&
                              ::rmdir(path.c_str()) == 0;
            empty = empty && gone;
        } else if (modified_at(status) < moment && ::unlink(path.c_str()) == 0) {
            if (!path.filename().string().starts_with(temporary_prefix)) ++removed;
        } else {
            empty = false;
        }
    }
    return empty;
}

/// Opens what can be found without asking a disk (openat2(2), RESOLVE_CACHED); the C library has no
/// function for it yet. Older kernels and some sandboxes refuse.
Descriptor open_cached(const fs::path& path) {
    struct open_how how = {};
    how.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
    how.resolve = RESOLVE_CACHED;
    return Descriptor(
        static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how)));
}

}  // namespace

std::optional<OpenBlob> open_cached_blob(const fs::path& directory, const std::string& key) {
    auto descriptor = open_cached(directory / key);
    struct stat status = {};
    if (!descriptor.is_open() || ::fstat(descriptor.number(), &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size > static_cast<off_t>(largest_result))
        return std::nullopt;
    return OpenBlob{std::move(descriptor), static_cast<std::size_t>(status.st_size)};
}

std::optional<std::string> read_cached_piece(const Descriptor& blob, std::size_t offset,
                                             std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t read = 0; read < count;) {
        const iovec rest{bytes.data() + read, count - read};
        const auto got =
            ::preadv2(blob.number(), &rest, 1, static_cast<off_t>(offset + read), RWF_NOWAIT);
        if (got <= 0) return std::nullopt;
        read += static_cast<std::size_t>(got);
    }
    return bytes;
}

void write_blob(const fs::path& directory, const std::string& key, const std::string& bytes) {
    constexpr int tries = 3;
    const auto path = directory / key;
    for (int i = 0; i < tries; ++i) {
        if (try_write(path, bytes)) return;
        make_directories(path.parent_path());
    }
    fail("create a blob", ENOENT);
}

std::optional<OpenBlob> open_blob(const fs::path& directory, const std::string& key) {
    const auto path = directory / key;
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (descriptor.number() < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        fail("open a blob", errno);
    }
    struct stat status = {};
    if (::fstat(descriptor.number(), &status) != 0) fail("read a blob", errno);
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    if (status.st_size > static_cast<off_t>(largest_result)) fail("read a blob", EFBIG);
    return OpenBlob{std::move(descriptor), static_cast<std::size_t>(status.st_size)};
}

std::string read_piece(const Descriptor& blob, std::size_t offset, std::size_t count) {
    std::string bytes(count, '\0');
    for (std::size_t read = 0; read < count;) {
        const auto got = ::pread(blob.number(), bytes.data() + read, count - read,
                                 static_cast<off_t>(offset + read));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail("read a blob", got < 0 ? errno : EIO);
        read += static_cast<std::size_t>(got);
    }
    return bytes;
}

void remove_blob(const fs::path& directory, const std::string& key) {
    const auto path = directory / key;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR && errno != EISDIR)
        fail("remove a blob", errno);
}

int remove_blobs_older_than(const fs::path& directory, Time moment) {
    int removed = 0;
    sweep(directory, moment, removed);
    return removed;
}

}  // namespace mlbilling::files
