#include "adapters/child_process/first_victim.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace mlbilling::child_process {

void make_first_victim(pid_t child) {
    const auto path = "/proc/" + std::to_string(child) + "/oom_score_adj";
    // The child's files under /proc become ours a moment after it has let us go on: until exec is
    // through, it is as closed to others as this process is (PR_SET_DUMPABLE of prctl(2)).
    constexpr int attempts = 20;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (file.is_open()) {
            constexpr std::string_view first = "1000";
            // Nothing depends on it.
            [[maybe_unused]] const auto written = write(file.number(), first.data(), first.size());
            return;
        }
        if (errno != EACCES) return;
        const timespec moment{.tv_sec = 0, .tv_nsec = 50'000};
        nanosleep(&moment, nullptr);
    }
}

}  // namespace mlbilling::child_process
