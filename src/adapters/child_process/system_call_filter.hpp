#pragma once

#include <linux/filter.h>

namespace mlbilling::child_process {

/// A seccomp program for children that only turn bytes into bytes: no sockets (so a decoder that
/// is taken over reaches no network; reliability.md 7, Audio), and no leaving of the process group
/// by which they are killed. What is denied fails with EPERM.
const sock_fprog& system_call_filter();

}  // namespace mlbilling::child_process
