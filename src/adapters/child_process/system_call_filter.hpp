#pragma once

#include <linux/filter.h>

namespace mlbilling::child_process {

/// A seccomp program for children: no leaving of the process group by which they are killed, and,
/// unless `network`, no sockets: they only turn bytes into bytes, and a decoder that is taken over
/// reaches nobody (reliability.md 7, Audio). What is denied fails with EPERM.
const sock_fprog& system_call_filter(bool network);

}  // namespace mlbilling::child_process
