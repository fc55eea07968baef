#include "adapters/child_process/spawn.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>

#include "adapters/child_process/first_victim.hpp"
#include "adapters/child_process/landlock.hpp"
#include "adapters/child_process/system_call_filter.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"

#if __has_feature(thread_sanitizer)
extern "C" int __clone(int (*)(void*), void*, int, void*, ...);
#endif

namespace mlbilling::child_process {
namespace {

#if __has_feature(thread_sanitizer)
/// ThreadSanitizer takes every clone() for a fork() with memory of its own. This is the same
/// function by the C library's other name, which it leaves alone.
constexpr auto start_process = __clone;
#else
constexpr auto start_process = clone;
#endif

constexpr const char* default_path = "/usr/local/bin:/usr/bin:/bin";
constexpr std::size_t stack_bytes = 64 * 1024;
constexpr int highest_signal = 64;
/// Whom caged children run as where this process is root: nobody's number, which Debian reserves
/// (policy 9.2.2), so that no other process may be touched by them. Below 65,536 for containers.
constexpr long caged_user = 65'533;

struct Limit {
    int resource;
    rlimit64 value;
};

/// Everything the child needs between its birth and exec, prepared by the parent: until exec it
/// shares our memory, so it may call nothing but the kernel.
struct Plan {
    const char* path;
    char* const* arguments;
    char* const* environment;
    std::array<int, 3> streams;
    std::array<Limit, 6> limits;
    /// Whether it gives up its user, its groups and its capabilities.
    bool drops_rights;
    bool changes_user;
    /// Landlock's ruleset; negative for none.
    int path_rules;
    /// Open without the right to read.
    int program;
    const sock_fprog* filter;
    pid_t parent;
    /// What the child tells us when it fails before exec.
    int error = 0;
    const char* failed_step = nullptr;
};

[[noreturn]] void unavailable(const std::string& what, int error) {
    throw Unavailable("child process: " + what + ": " + std::generic_category().message(error));
}

#define IN_CHILD __attribute__((disable_sanitizer_instrumentation))

IN_CHILD long word(long value) { return value; }
IN_CHILD long word(const void* value) { return reinterpret_cast<long>(value); }
IN_CHILD long word(char* const* strings) { return reinterpret_cast<long>(strings); }

/// Raw calls only: the C library's wrappers keep books (and sanitizers more of them) in memory that
/// is still the parent's. Every argument is a whole word, as the kernel takes it.
template <class... Arguments>
IN_CHILD long call(long number, Arguments... arguments) {
    return syscall(number, word(arguments)...);
}

/// Where the program's file will be in the child.
constexpr int program_descriptor = 3;

/// Ignored signals would stay ignored through exec.
IN_CHILD void reset_signals() {
    // A zeroed kernel sigaction means SIG_DFL.
    const std::array<unsigned long, 4> no_handler{};
    for (int signal = 1; signal <= highest_signal; ++signal) {
        call(SYS_rt_sigaction, signal, no_handler.data(), 0, 8);
    }
    // A write beyond the limit fails and the program goes on: espeak-ng's PulseAudio library sizes
    // a file of 64 MB that it never needs. The handler's place comes first, and 1 is SIG_IGN.
    const std::array<unsigned long, 4> ignore{1};
    call(SYS_rt_sigaction, SIGXFSZ, ignore.data(), 0, 8);
    const unsigned long no_signals = 0;
    call(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, 0, 8);
}

IN_CHILD const char* take_descriptors(const Plan& plan) {
    for (int target = 0; target < 3; ++target) {
        const int source = plan.streams[static_cast<unsigned>(target)];
        if (call(SYS_dup3, source, target, 0) < 0) return "dup3";
    }
    if (call(SYS_dup3, plan.program, program_descriptor, O_CLOEXEC) < 0) return "dup3";
    if (call(SYS_close_range, program_descriptor + 1U, ~0U, 0U) != 0) return "close_range";
    return nullptr;
}

IN_CHILD void drop_rights(const Plan& plan) {
    if (plan.changes_user) {
        call(SYS_setgroups, 0, 0);
        call(SYS_setresgid, caged_user, caged_user, caged_user);
        // Root of a container may have no other user to become; all else still holds.
        call(SYS_setresuid, caged_user, caged_user, caged_user);
    }
    // With no_new_privs, exec gives nothing back, not even to root.
    const __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    call(SYS_capset, &header, none.data());
}

IN_CHILD const char* prepare(const Plan& plan) {
    // Own group first: whatever happens later, the parent can kill it all.
    if (call(SYS_setpgid, 0, 0) != 0) return "setpgid";
    reset_signals();
    if (call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "PR_SET_NO_NEW_PRIVS";
    if (plan.path_rules >= 0 && call(SYS_landlock_restrict_self, plan.path_rules, 0) != 0)
        return "landlock_restrict_self";
    if (const char* failed = take_descriptors(plan); failed != nullptr) return failed;
    if (call(SYS_chdir, "/") != 0) return "chdir";
    for (const Limit& limit : plan.limits) {
        if (call(SYS_prlimit64, 0, limit.resource, &limit.value, 0) != 0) return "prlimit";
    }
    if (plan.drops_rights) drop_rights(plan);
    // Behind the change of user, which takes it back.
    if (call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return "PR_SET_PDEATHSIG";
    if (call(SYS_getppid) != plan.parent) return "parent is gone";
    // Not seccomp(2), which systemd 252 does not count among what services need.
    if (call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, plan.filter, 0, 0) != 0)
        return "PR_SET_SECCOMP";
    call(SYS_execve, plan.path, plan.arguments, plan.environment);
    // The way to it may be closed to the other user. By the file, a script could not be run.
    if (errno == EACCES)
        call(SYS_execveat, program_descriptor, "", plan.arguments, plan.environment, AT_EMPTY_PATH);
    return "execve";
}

IN_CHILD int child_main(void* argument) {
    auto& plan = *static_cast<Plan*>(argument);
    plan.failed_step = prepare(plan);
    plan.error = errno;
    call(SYS_exit_group, 127);
    return 127;
}

std::array<Limit, 6> resource_limits(const ChildCommand& command) {
    const auto fixed = [](int resource, std::size_t amount) {
        return Limit{resource, {.rlim_cur = amount, .rlim_max = amount}};
    };
    const auto& limits = command.limits;
    const auto cpu_seconds = static_cast<std::size_t>(limits.cpu_seconds);
    const bool writes_file = command.seekable_output || !command.output_file.empty();
    return {fixed(RLIMIT_CORE, 0), fixed(RLIMIT_AS, limits.memory_bytes),
            fixed(RLIMIT_DATA, limits.data_bytes),
            fixed(RLIMIT_NOFILE, static_cast<std::size_t>(limits.open_files)),
            fixed(RLIMIT_FSIZE, writes_file ? limits.output_bytes : 0),
            // The soft limit sends SIGXCPU; SIGKILL would look as if memory had run out.
            Limit{RLIMIT_CPU, {.rlim_cur = cpu_seconds, .rlim_max = cpu_seconds + 1}}};
}

bool is_program(const std::string& path) {
    struct stat status{};
    return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           access(path.c_str(), X_OK) == 0;
}

/// A copy that the child's own descriptors cannot run over.
Descriptor above_own(const Descriptor& stream) {
    Descriptor copy(fcntl(stream.number(), F_DUPFD_CLOEXEC, program_descriptor + 1));
    if (!copy.is_open()) unavailable("descriptor", errno);
    return copy;
}

/// Keeps signal handlers of this process from running in the child while it shares our memory.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

/// As vfork: this thread stands still until the child has called exec or has ended. A stack of its
/// own makes that safe, as in the C library's posix_spawn, which knows no resource limits.
Spawned start(Plan& plan) {
    const auto stack = std::make_unique<std::byte[]>(stack_bytes);
    int ended = -1;
    pid_t id = -1;
    int error = 0;
    {
        const SignalsBlocked blocked;
        id = start_process(child_main, stack.get() + stack_bytes,
                           CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &ended);
        error = errno;
    }
    if (id < 0) unavailable("clone", error);
    return {id, Descriptor(ended)};
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> result;
    // exec promises not to write to them.
    for (const auto& string : strings) result.push_back(const_cast<char*>(string.c_str()));
    result.push_back(nullptr);
    return result;
}

}  // namespace

std::string find_program(const std::string& program) {
    if (program.starts_with('/')) return is_program(program) ? program : std::string();
    CHECK(!program.empty() && program.find('/') == std::string::npos);
    // Nobody changes the environment while the service runs.
    const char* set = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
    std::string_view rest = set != nullptr ? set : default_path;
    while (!rest.empty()) {
        const auto colon = std::min(rest.find(':'), rest.size());
        const std::string candidate = std::string(rest.substr(0, colon)) + '/' + program;
        // A relative entry would mean another program in every working directory.
        if (candidate.starts_with('/') && is_program(candidate)) return candidate;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return {};
}

Spawned spawn(const std::string& path, const ChildCommand& command, Streams streams,
              Landlock landlock) {
    const bool caged = command.cage != Cage::none;
    CHECK(!(caged && command.network));
    const Descriptor rules =
        caged && landlock == Landlock::if_kernel_has_it ? path_rules(path) : Descriptor();
    const Descriptor program(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program.is_open()) unavailable(path, errno);
    std::vector<std::string> arguments{path};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> environment{std::string("PATH=") + default_path, "LC_ALL=C.UTF-8",
                                         "HOME=/nonexistent"};
    environment.insert(environment.end(), command.environment.begin(), command.environment.end());
    const auto argument_pointers = pointers(arguments);
    const auto environment_pointers = pointers(environment);
    const std::array<Descriptor, 4> lifted{above_own(streams.input), above_own(streams.output),
                                           above_own(streams.errors), above_own(program)};
    Plan plan{.path = path.c_str(),
              .arguments = argument_pointers.data(),
              .environment = environment_pointers.data(),
              .streams = {lifted[0].number(), lifted[1].number(), lifted[2].number()},
              .limits = resource_limits(command),
              .drops_rights = caged,
              .changes_user = caged && geteuid() == 0,
              .path_rules = rules.number(),
              .program = lifted[3].number(),
              .filter = &system_call_filter(command),
              .parent = getpid()};
    Spawned spawned = start(plan);
    if (plan.failed_step != nullptr) {
        siginfo_t ignored{};
        while (waitid(P_PID, static_cast<id_t>(spawned.id), &ignored, WEXITED) != 0) {
            CHECK(errno == EINTR);
        }
        unavailable(std::string(plan.failed_step) + " of " + path, plan.error);
    }
    make_first_victim(spawned.id);
    return spawned;
}

}  // namespace mlbilling::child_process
