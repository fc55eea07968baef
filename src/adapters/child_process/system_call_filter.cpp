#include "adapters/child_process/system_call_filter.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace mlbilling::child_process {
namespace {

#if defined(__x86_64__)
constexpr unsigned native_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned native_architecture = AUDIT_ARCH_AARCH64;
#else
#error "name the AUDIT_ARCH_ of this processor: the filter must know its system calls"
#endif

/// The second set of numbers for the same calls on x86-64 (the x32 ABI) starts here.
constexpr unsigned first_foreign_call = 0x40000000;

constexpr sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
}
constexpr sock_filter answer(unsigned verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }
/// Goes on `hit` instructions further if the loaded number is the call.
constexpr sock_filter if_call(unsigned call, unsigned char hit) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, hit, 0);
}
constexpr sock_filter if_native(unsigned char hit) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native_architecture, hit, 0);
}
constexpr sock_filter if_foreign(unsigned char hit) {
    return BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first_foreign_call, hit, 0);
}

constexpr unsigned denied = SECCOMP_RET_ERRNO | EPERM;

/// With a call that does not exist in the place of socket(), the network is allowed.
constexpr auto program_without(unsigned socket) {
    return std::array{
        load(offsetof(seccomp_data, arch)),
        if_native(1),
        answer(SECCOMP_RET_KILL_PROCESS),
        load(offsetof(seccomp_data, nr)),
        if_foreign(5),
        if_call(socket, 4),
        if_call(SYS_io_uring_setup, 3),
        if_call(SYS_setsid, 2),
        if_call(SYS_setpgid, 1),
        answer(SECCOMP_RET_ALLOW),
        answer(denied),
    };
}

constexpr unsigned no_call = first_foreign_call - 1;
// The kernel's structure wants to be able to write to them.
std::array confined = program_without(SYS_socket);
std::array connected = program_without(no_call);
const sock_fprog confining{.len = confined.size(), .filter = confined.data()};
const sock_fprog connecting{.len = connected.size(), .filter = connected.data()};

}  // namespace

const sock_fprog& system_call_filter(bool network) { return network ? connecting : confining; }

}  // namespace mlbilling::child_process
