#include "adapters/sqlite/file_modes.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "base/log.hpp"

namespace mlbilling::sqlite {
namespace {

constexpr mode_t others = S_IRWXG | S_IRWXO;

void close_to_others(const std::string& path, mode_t type, const char* what) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & S_IFMT) != type) return;
    if ((status.st_mode & others) == 0) return;
    if (::chmod(path.c_str(), status.st_mode & S_IRWXU) == 0)
        log::warning("other users of this machine could read what is ours; they no longer can",
                     {{what, path}});
    else
        log::warning("other users of this machine can read what is ours",
                     {{what, path}, {"error", std::generic_category().message(errno)}});
}

}  // namespace

void keep_from_others(const std::string& path) {
    for (const auto* part : {"", "-wal", "-shm"}) close_to_others(path + part, S_IFREG, "file");
}

void keep_folder_from_others(const std::string& folder) {
    close_to_others(folder, S_IFDIR, "folder");
}

}  // namespace mlbilling::sqlite
