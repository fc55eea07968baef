#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "adapters/child_process/child_process.hpp"
#include "base/descriptor.hpp"

namespace mlbilling::child_process {

/// A program that was started: its id, which is also its process group's, and a descriptor that
/// becomes readable when it has ended.
struct Spawned {
    pid_t id = -1;
    Descriptor ended;
};

/// What the child has as descriptors 0, 1 and 2; all else is closed in it.
struct Streams {
    const Descriptor& input;
    const Descriptor& output;
    const Descriptor& errors;
};

/// The absolute path of a program given by absolute path or looked up in PATH; empty when there is
/// no such executable file.
std::string find_program(const std::string& program);

/// Starts the program without a shell, in a process group of its own, under its limits and in its
/// cage, in the root directory, with a minimal environment; a caged one as a user of its own where
/// this process is root. The kernel kills it when this process dies. Throws Unavailable when the
/// system cannot start it.
Spawned spawn(const std::string& path, const ChildCommand& command, Streams streams,
              Landlock landlock);

}  // namespace mlbilling::child_process
