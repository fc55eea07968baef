#include "main/sole_service.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace mlbilling {
namespace {

namespace fs = std::filesystem;

/// The same for every name of the file.
std::string lock_of(const std::string& path) {
    std::error_code error;
    const auto file = fs::weakly_canonical(path, error);
    if (error) return path + ".serve";
    fs::create_directories(file.parent_path(), error);
    return file.string() + ".serve";
}

/// The process that holds the lock, as it has written down itself.
std::string holder(int lock) {
    std::array<char, 32> text{};
    const auto size = ::pread(lock, text.data(), text.size() - 1, 0);
    if (size <= 0) return "another process";
    return "process " + std::string(text.data(), static_cast<std::size_t>(size));
}

[[noreturn]] void fail(const std::string& file, int error) {
    throw std::runtime_error("DATABASE_URL: cannot lock " + file + ": " +
                             std::generic_category().message(error));
}

}  // namespace

SoleService::SoleService(const DatabaseUrl& database) {
    const auto* sqlite = std::get_if<SqliteFile>(&database);
    if (sqlite == nullptr || sqlite->path == ":memory:") return;
    const auto file = lock_of(sqlite->path);
    lock_ = Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_.is_open()) fail(file, errno);
    if (::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) fail(file, errno);
        throw std::runtime_error("another mlbilling serve, " + holder(lock_.number()) +
                                 ", works on " + sqlite->path +
                                 ": stop it first, or set another DATABASE_URL");
    }
    const auto pid = std::to_string(::getpid());
    if (::ftruncate(lock_.number(), 0) != 0 ||
        ::pwrite(lock_.number(), pid.data(), pid.size(), 0) < 0)
        fail(file, errno);
}

}  // namespace mlbilling
