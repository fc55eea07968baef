#include "adapters/child_process/child_process.hpp"
#include "adapters/child_process/landlock.hpp"

namespace mlbilling::child_process {

std::string describe_cages() {
    const std::string always = "a list of allowed system calls (seccomp)";
    const int version = landlock_version();
    if (version == 0)
        return always +
               " alone: this kernel has no Landlock, so a decoder that is taken over can "
               "read files that its user may read";
    return "Landlock ABI " + std::to_string(version) + " and " + always;
}

bool cages_hide_files() { return landlock_version() > 0; }

}  // namespace mlbilling::child_process
