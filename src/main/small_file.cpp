#include "main/small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/descriptor.hpp"

namespace mlbilling {
namespace {

constexpr std::size_t max_size = std::size_t{64} << 10U;

Problem cannot_be_read(int error) {
    return Problem{"cannot be read: " + std::generic_category().message(error)};
}

}  // namespace

Result<SmallFile> read_small_file(const std::string& path) {
    // Without waiting for the other end of a pipe.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return cannot_be_read(errno);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) return cannot_be_read(errno);
    if (S_ISDIR(status.st_mode)) return Problem{"is a folder, not a file"};
    if (!S_ISREG(status.st_mode)) return Problem{"is not a file"};
    SmallFile result;
    result.mode = status.st_mode;
    result.content.resize(max_size + 1);
    std::size_t size = 0;
    while (size < result.content.size()) {
        const auto read =
            ::read(file.number(), result.content.data() + size, result.content.size() - size);
        if (read < 0 && errno == EINTR) continue;
        if (read < 0) return cannot_be_read(errno);
        if (read == 0) break;
        size += static_cast<std::size_t>(read);
    }
    if (size > max_size) return Problem{"is larger than 64 KiB"};
    result.content.resize(size);
    return result;
}

}  // namespace mlbilling
