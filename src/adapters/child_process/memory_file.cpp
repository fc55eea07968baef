#include "adapters/child_process/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/unavailable.hpp"

namespace mlbilling::child_process {
namespace {

[[noreturn]] void fail(const char* what) {
    throw Unavailable(std::string("file in memory: ") + what + ": " +
                      std::generic_category().message(errno));
}

Descriptor create() {
    Descriptor file(memfd_create("mlbilling", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file.is_open()) fail("create");
    return file;
}

}  // namespace

Descriptor sealed_file(std::string_view content) {
    Descriptor file = create();
    std::size_t written = 0;
    while (written < content.size()) {
        const ssize_t count = pwrite(file.number(), content.data() + written,
                                     content.size() - written, static_cast<off_t>(written));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("write");
        written += static_cast<std::size_t>(count);
    }
    constexpr int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    if (fcntl(file.number(), F_ADD_SEALS, seals) != 0) fail("seal");
    return file;
}

Descriptor empty_file() { return create(); }

std::string content_of(const Descriptor& file, std::size_t longest) {
    struct stat status{};
    if (fstat(file.number(), &status) != 0) fail("stat");
    std::string content(std::min(longest, static_cast<std::size_t>(status.st_size)), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t count = pread(file.number(), content.data() + done, content.size() - done,
                                    static_cast<off_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail("read");
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    content.resize(done);
    return content;
}

}  // namespace mlbilling::child_process
