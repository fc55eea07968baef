#pragma once

#include <linux/filter.h>

#include "adapters/child_process/child_process.hpp"

namespace mlbilling::child_process {

/// The seccomp program of a child's cage, made by libseccomp once per process, before any child is
/// born, since that allocates. A cage is a list of what is allowed; all else fails with EPERM, or,
/// where the C library then tries an older call, with ENOSYS. Outside of cages only the leaving of
/// the process group is denied, and, unless the command asks for the network, sockets. Throws
/// Unavailable when memory or descriptors run out.
const sock_fprog& system_call_filter(const ChildCommand& command);

}  // namespace mlbilling::child_process
