#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling::child_process {

/// What one run of a program may use up.
struct ChildLimits {
    /// Of real time, from the call to the end; waiting for a free place counts.
    Duration deadline{30'000};
    /// More output than this ends the program; a seekable output just stops growing, and is too
    /// long when it reaches this size.
    std::size_t output_bytes = 1 << 20;
    /// Reached, it ends the program by SIGXCPU.
    int cpu_seconds = 30;
    /// Address space, not resident memory.
    std::size_t memory_bytes = 1 << 30;
    /// What of it the program may fill: its variables and heap, not the code of its libraries.
    std::size_t data_bytes = 1 << 30;
    int open_files = 64;
    /// Of stderr, the last of which are kept.
    std::size_t diagnostics_bytes = 4'000;
};

/// What a program may do beside using its descriptors (docs/security.md).
enum class Cage {
    /// Nothing: it turns bytes of strangers into bytes, and may be theirs by then.
    decoder,
    /// For a speech engine, which reads texts of strangers: it may also list its folders, start
    /// threads, and open a seekable output by name.
    engine,
    /// What our own user may, but for leaving the group by which it is killed, and the network.
    none
};

/// Whether cages have Landlock's part; without it is for tests, and what other kernels do.
enum class Landlock { if_kernel_has_it, off };

struct ChildCommand {
    /// An absolute path, or a name that is looked up in PATH. Never handed to a shell.
    std::string program;
    /// Without the program's own name.
    std::vector<std::string> arguments{};
    /// Becomes the standard input: a read-only file in memory, in which the child can seek, also as
    /// /dev/stdin.
    std::string input{};
    /// Whether the standard output is a file in memory in which the child can seek, instead of a
    /// pipe. The child can write no other file.
    bool seekable_output = false;
    /// Where the standard output goes instead: a new file, for its owner alone, of at most
    /// limits.output_bytes. ChildResult::output stays empty. For what is too large for memory.
    std::string output_file{};
    /// NAME=value, added to the minimal environment: where a password belongs, which as an argument
    /// every user of the machine could read.
    std::vector<std::string> environment{};
    Cage cage = Cage::decoder;
    /// Whether it may use the network; only outside of cages.
    bool network = false;
    ChildLimits limits{};
};

enum class ChildEnd {
    exited,           ///< by itself; code is the exit status
    signalled,        ///< by a signal, e.g. SIGXCPU at its limit; code is the signal
    timed_out,        ///< killed at the deadline, or no place was free until then
    output_too_long,  ///< the output holds what fits
    program_missing   ///< no such program; nothing was run
};

struct ChildResult {
    ChildEnd end = ChildEnd::exited;
    int code = 0;
    std::string output{};
    /// The end of what it wrote to stderr.
    std::string diagnostics{};

    bool succeeded() const { return end == ChildEnd::exited && code == 0; }
};

class Slots;

/// Runs programs as children, at most so many at once; the others wait in order. A child sits in
/// the cage that its command names, and it dies, with all processes it started, at its limits, when
/// its call is cancelled, and when this process dies; the kernel takes it first when memory runs
/// out. Every child is reaped. Lives on one event loop.
class ChildProcesses {
  public:
    explicit ChildProcesses(int most_at_once, Landlock landlock = Landlock::if_kernel_has_it);

    /// Throws Unavailable when the system cannot start a process.
    Async<ChildResult> run(ChildCommand command);

  private:
    std::shared_ptr<Slots> slots_;
    Landlock landlock_;
};

/// What the cages of this process are made of on this kernel, in one line for the operator.
std::string describe_cages();
/// Whether the kernel has Landlock, so that a caged program reads nothing but system files.
bool cages_hide_files();

}  // namespace mlbilling::child_process
