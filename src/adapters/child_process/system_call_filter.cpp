#include "adapters/child_process/system_call_filter.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "adapters/child_process/memory_file.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::child_process {
namespace {

constexpr std::uint32_t denied = SCMP_ACT_ERRNO(EPERM);
constexpr std::uint32_t unknown = SCMP_ACT_ERRNO(ENOSYS);

/// Harmless whatever their arguments: they use memory, time and the descriptors of the process,
/// look at what it may see by its name, or end it.
constexpr std::initializer_list<const char*> harmless{"read",
                                                      "readv",
                                                      "pread64",
                                                      "preadv",
                                                      "write",
                                                      "writev",
                                                      "pwrite64",
                                                      "pwritev",
                                                      "lseek",
                                                      "close",
                                                      "dup",
                                                      "dup2",
                                                      "dup3",
                                                      "fadvise64",
                                                      "poll",
                                                      "ppoll",
                                                      "select",
                                                      "pselect6",
                                                      "stat",
                                                      "lstat",
                                                      "fstat",
                                                      "newfstatat",
                                                      "statx",
                                                      "statfs",
                                                      "fstatfs",
                                                      "access",
                                                      "faccessat",
                                                      "faccessat2",
                                                      "readlink",
                                                      "readlinkat",
                                                      "getcwd",
                                                      "umask",
                                                      "munmap",
                                                      "mremap",
                                                      "mprotect",
                                                      "madvise",
                                                      "brk",
                                                      "membarrier",
                                                      "rt_sigaction",
                                                      "rt_sigprocmask",
                                                      "rt_sigreturn",
                                                      "sigaltstack",
                                                      "restart_syscall",
                                                      "futex",
                                                      "set_robust_list",
                                                      "set_tid_address",
                                                      "rseq",
                                                      "arch_prctl",
                                                      "exit",
                                                      "exit_group",
                                                      "execve",
                                                      "execveat",
                                                      "clock_gettime",
                                                      "clock_getres",
                                                      "clock_nanosleep",
                                                      "nanosleep",
                                                      "gettimeofday",
                                                      "time",
                                                      "times",
                                                      "getpid",
                                                      "gettid",
                                                      "getppid",
                                                      "getuid",
                                                      "geteuid",
                                                      "getgid",
                                                      "getegid",
                                                      "uname",
                                                      "sysinfo",
                                                      "getrusage",
                                                      "getrlimit",
                                                      "sched_getaffinity",
                                                      "sched_yield",
                                                      "getcpu",
                                                      "getrandom"};

/// A condition on the numbered argument: so many of its bits have this value. Of a 32-bit argument
/// the kernel ignores the upper half.
scmp_arg_cmp bits(unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
constexpr std::uint64_t whole_int = 0xFFFF'FFFF;
constexpr std::uint64_t whole_word = ~std::uint64_t{0};

class Rules {
  public:
    explicit Rules(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {
        if (!context_) throw Unavailable("system call filter: out of memory");
    }

    /// Calls that this processor does not have are passed over.
    void add(std::uint32_t verdict, const char* name, std::vector<scmp_arg_cmp> conditions = {}) {
        const int call = seccomp_syscall_resolve_name(name);
        CHECK(call != __NR_SCMP_ERROR);
        if (call < 0) return;
        const int error =
            seccomp_rule_add_array(context_.get(), verdict, call,
                                   static_cast<unsigned>(conditions.size()), conditions.data());
        if (error != 0) fail(name, -error);
    }

    std::vector<sock_filter> program() const {
        constexpr std::size_t most = BPF_MAXINSNS * sizeof(sock_filter);
        const Descriptor file = empty_file();
        const int error = seccomp_export_bpf(context_.get(), file.number());
        if (error != 0) fail("export", -error);
        const auto bytes = content_of(file, most);
        std::vector<sock_filter> instructions(bytes.size() / sizeof(sock_filter));
        std::memcpy(instructions.data(), bytes.data(), instructions.size() * sizeof(sock_filter));
        CHECK(!instructions.empty());
        return instructions;
    }

  private:
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };
    [[noreturn]] static void fail(const std::string& what, int error) {
        throw Unavailable("system call filter: " + what + ": " +
                          std::generic_category().message(error));
    }

    std::unique_ptr<void, Release> context_;
};

void allow_opening(Rules& rules, std::uint64_t forbidden_flags) {
    rules.add(SCMP_ACT_ALLOW, "open", {bits(1, forbidden_flags, 0)});
    rules.add(SCMP_ACT_ALLOW, "openat", {bits(2, forbidden_flags, 0)});
    rules.add(unknown, "openat2");
}

/// What every cage allows.
Rules cage() {
    Rules rules(denied);
    for (const char* name : harmless) rules.add(SCMP_ACT_ALLOW, name);
    // Shared memory of a file is a way to write to it that no limit counts.
    constexpr std::uint64_t kind_of_mapping = 0x0F;
    rules.add(SCMP_ACT_ALLOW, "mmap", {bits(3, kind_of_mapping, MAP_PRIVATE)});
    // Not the commands by which signals are sent to other processes (F_SETOWN, F_SETSIG).
    for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC})
        rules.add(SCMP_ACT_ALLOW, "fcntl", {bits(1, whole_int, static_cast<unsigned>(command))});
    // To ask for its own limits, not to set its parent's.
    rules.add(SCMP_ACT_ALLOW, "prlimit64", {bits(0, whole_int, 0), bits(2, whole_word, 0)});
    rules.add(unknown, "clone3");
    return rules;
}

Rules for_decoder() {
    auto rules = cage();
    allow_opening(rules, O_ACCMODE | O_CREAT | O_TRUNC);
    return rules;
}

Rules for_engine(bool reopens_output) {
    auto rules = cage();
    // Its output by name: RLIMIT_FSIZE bounds it, Landlock keeps it from any other file.
    allow_opening(rules, reopens_output ? 0 : O_ACCMODE | O_CREAT | O_TRUNC);
    rules.add(SCMP_ACT_ALLOW, "getdents64");
    rules.add(SCMP_ACT_ALLOW, "pipe2");
    constexpr std::uint64_t no_thread = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                        CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
                                        CLONE_VFORK;
    rules.add(SCMP_ACT_ALLOW, "clone", {bits(0, CLONE_THREAD | no_thread, CLONE_THREAD)});
    return rules;
}

Rules for_our_own(bool network) {
    Rules rules(SCMP_ACT_ALLOW);
    for (const char* name : {"setsid", "setpgid", "io_uring_setup"}) rules.add(denied, name);
    if (!network) rules.add(denied, "socket");
    return rules;
}

class Program {
  public:
    explicit Program(const Rules& rules) : instructions_(rules.program()) {
        view_.len = static_cast<unsigned short>(instructions_.size());
        view_.filter = instructions_.data();
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() = default;
    const sock_fprog& view() const { return view_; }

  private:
    std::vector<sock_filter> instructions_;
    sock_fprog view_{};
};

}  // namespace

const sock_fprog& system_call_filter(const ChildCommand& command) {
    static const Program decoder(for_decoder());
    static const Program engine(for_engine(false));
    static const Program reopening_engine(for_engine(true));
    static const Program confined(for_our_own(false));
    static const Program connected(for_our_own(true));
    switch (command.cage) {
        case Cage::decoder: return decoder.view();
        case Cage::engine: return command.seekable_output ? reopening_engine.view() : engine.view();
        case Cage::none: break;
    }
    return command.network ? connected.view() : confined.view();
}

}  // namespace mlbilling::child_process
