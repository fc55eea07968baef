#include "adapters/telegram/local_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"

namespace mlbilling::telegram {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_path = 1024;
/// Waiting for the reads of others counts.
constexpr Duration longest_read{60'000};

Error failure(Failure kind, std::string description) {
    Error error;
    error.failure = kind;
    error.description = std::move(description);
    return error;
}

Error unreadable_file(int code) {
    const bool gone = code == ENOENT || code == ENOTDIR || code == ELOOP;
    return failure(gone ? Failure::file_unavailable : Failure::not_sent,
                   "the file of the local Bot API server cannot be read: " +
                       std::generic_category().message(code) + "; check TELEGRAM_LOCAL_FILES");
}

/// Where the file really is, whatever links led to it.
bool is_really_below(const Descriptor& file, const std::string& directory) {
    std::error_code error;
    const auto name = "/proc/self/fd/" + std::to_string(file.number());
    const auto real = fs::read_symlink(name, error);
    if (error) return false;
    const auto root = fs::canonical(directory, error);
    return !error && is_below(real.native(), root.native());
}

Outcome<std::string> read_all(const Descriptor& file, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const auto count = ::read(file.number(), bytes.data() + done, size - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return unreadable_file(errno);
        if (count == 0) return failure(Failure::ambiguous, "the file became shorter while read");
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

Outcome<std::string> read_file(const std::string& directory, const std::string& path,
                               std::size_t largest) {
    // Without waiting for a writer, should it be a pipe.
    const Descriptor file(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file.is_open()) return unreadable_file(errno);
    struct stat status = {};
    if (::fstat(file.number(), &status) != 0) return unreadable_file(errno);
    if (!S_ISREG(status.st_mode) || !is_really_below(file, directory))
        return failure(Failure::file_unavailable, "the Bot API named no file of its directory");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > largest) return failure(Failure::too_large, "the file is larger than allowed");
    return read_all(file, size);
}

}  // namespace

bool is_below(std::string_view path, std::string_view directory) {
    while (directory.ends_with('/')) directory.remove_suffix(1);
    if (path.size() > longest_path || path.find('\0') != std::string_view::npos) return false;
    if (!path.starts_with(directory)) return false;
    path.remove_prefix(directory.size());
    if (!path.starts_with('/')) return false;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        if (segment.empty() || segment == "." || segment == "..") return false;
        path.remove_prefix(segment.size());
    }
    return true;
}

Async<Outcome<std::string>> LocalFiles::read(std::string path, std::size_t largest) {
    if (!is_below(path, directory_))
        co_return failure(Failure::file_unavailable,
                          "the Bot API named a file outside of TELEGRAM_LOCAL_FILES");
    std::function<Outcome<std::string>(const work_threads::Stop&)> work =
        [directory = directory_, path = std::move(path), largest](const work_threads::Stop&) {
            return read_file(directory, path, largest);
        };
    auto bytes = co_await thread_.run(std::move(work), longest_read);
    if (!bytes) co_return failure(Failure::ambiguous, "the file was not read in time");
    co_return *std::move(bytes);
}

}  // namespace mlbilling::telegram
