#pragma once

#include <string>

#include "base/descriptor.hpp"

namespace mlbilling::child_process {

/// Landlock's version in the running kernel (landlock(7)); 0 where it has none, or it is off.
int landlock_version();

/// A ruleset for a child that runs `program`: it may read and execute that file and what the system
/// has under /usr and /lib, read the loader's cache, write to /dev/null, and use what is open
/// already. Closed where the kernel has no Landlock. Throws Unavailable when descriptors run out.
Descriptor path_rules(const std::string& program);

}  // namespace mlbilling::child_process
