#include "main/backup.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/unavailable.hpp"
#include "main/moment.hpp"

namespace mlbilling {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "mlbilling-";
/// Not of a name that a finished backup has.
constexpr std::string_view unfinished = ".unfinished";

[[noreturn]] void unavailable(const fs::path& path, const std::error_code& error) {
    throw Unavailable("backup: " + path.string() + ": " + error.message());
}

/// To be read by its owner alone: it holds everything.
void make_directory(const fs::path& directory) {
    std::error_code error;
    if (!fs::create_directories(directory, error) && error) unavailable(directory, error);
    if (error) return;
    if (fs::is_empty(directory, error) && !error)
        fs::permissions(directory, fs::perms::owner_all, error);
}

void flush(const fs::path& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = descriptor >= 0 && fsync(descriptor) == 0;
    const std::error_code error(errno, std::generic_category());
    if (descriptor >= 0) close(descriptor);
    if (!done) unavailable(path, error);
}

/// E.g. `mlbilling-20261125T030000Z.dump`: the order of names is the order of time.
std::string file_name(Time now, const std::string& suffix) {
    auto moment = written(now);
    std::erase_if(moment, [](char c) { return c == '-' || c == ':'; });
    return std::string(prefix) + moment + suffix;
}

std::vector<fs::path> backups_in(const fs::path& directory) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error))
        if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
    if (error) unavailable(directory, error);
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<fs::path> remove_old(const BackupPolicy& policy, Time now) {
    auto known = backups_in(policy.directory);
    const auto oldest_kept = file_name(now - policy.keep, "");
    const auto removable = known.size() - std::min(known.size(), policy.keep_at_least);
    std::vector<fs::path> removed;
    for (std::size_t i = 0; i < removable && known[i].filename().string() < oldest_kept; ++i) {
        std::error_code error;
        fs::remove(known[i], error);
        if (error) unavailable(known[i], error);
        removed.push_back(std::move(known[i]));
    }
    return removed;
}

/// What is left of the copy goes when it was not finished.
class UnfinishedFile {
  public:
    explicit UnfinishedFile(fs::path path) : path_(std::move(path)) { remove(); }
    ~UnfinishedFile() { remove(); }
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    const fs::path& path() const { return path_; }
    void becomes(const fs::path& file) {
        std::error_code error;
        fs::rename(path_, file, error);
        if (error) unavailable(file, error);
    }

  private:
    void remove() {
        std::error_code missing;
        fs::remove(path_, missing);
    }
    fs::path path_;
};

}  // namespace

Async<BackupDone> Backup::make(BackupPolicy policy, Time now) {
    policy.directory = fs::absolute(policy.directory);
    make_directory(policy.directory);
    const auto file = policy.directory / file_name(now, copy_.suffix());
    UnfinishedFile partial(policy.directory / (std::string(unfinished) + copy_.suffix()));
    co_await copy_.write(partial.path());
    chmod(partial.path().c_str(), S_IRUSR | S_IWUSR);
    flush(partial.path());
    partial.becomes(file);
    flush(policy.directory);
    BackupDone done;
    done.record = {file.string(), static_cast<std::int64_t>(fs::file_size(file)), now};
    co_await log_.record_backup(done.record);
    done.removed = remove_old(policy, now);
    co_return done;
}

}  // namespace mlbilling
