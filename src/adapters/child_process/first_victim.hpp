#pragma once

#include <sys/types.h>

namespace mlbilling::child_process {

/// When memory runs out, the kernel takes this child before any process of the service
/// (oom_score_adj of proc(5)). Where it cannot be told so, it chooses by size.
void make_first_victim(pid_t child);

}  // namespace mlbilling::child_process
