// Plays a decoder that was taken over: tries everything that it should not be able to do, and
// writes a line for each that worked, then "done". Only calls of the kernel, as an exploit would.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dirent.h>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>

namespace {

struct Target {
    pid_t parent;
    std::string folder;
    std::uint16_t port;
    /// Of eight bytes in the parent.
    std::uintptr_t address;

    std::string file(const char* name) const { return folder + "/" + name; }
    std::string parents(const char* name) const {
        return "/proc/" + std::to_string(parent) + "/" + name;
    }
};

void tell(const std::string& line) {
    const auto text = line + "\n";
    if (write(1, text.data(), text.size()) < 0) _exit(3);
}

bool opens(const std::string& path, int flags) { return open(path.c_str(), flags, 0600) >= 0; }

bool reads(const std::string& path) {
    char byte = 0;
    return read(open(path.c_str(), O_RDONLY), &byte, 1) == 1;
}

bool writes(int file) { return pwrite(file, "x", 1, 0) == 1; }

bool lists(const std::string& path) {
    DIR* folder = opendir(path.c_str());
    return folder != nullptr && readdir(folder) != nullptr;
}

bool reads_memory(const Target& target) {
    std::uint64_t copy = 0;
    iovec ours{&copy, sizeof copy};
    iovec theirs{reinterpret_cast<void*>(target.address), sizeof copy};
    if (process_vm_readv(target.parent, &ours, 1, &theirs, 1, 0) > 0) return true;
    const int file = open(target.parents("mem").c_str(), O_RDONLY);
    return pread(file, &copy, sizeof copy, static_cast<off_t>(target.address)) > 0;
}

bool writes_memory(const Target& target) {
    std::uint64_t value = 666;
    iovec ours{&value, sizeof value};
    iovec theirs{reinterpret_cast<void*>(target.address), sizeof value};
    if (process_vm_writev(target.parent, &ours, 1, &theirs, 1, 0) > 0) return true;
    const int file = open(target.parents("mem").c_str(), O_RDWR);
    return pwrite(file, &value, sizeof value, static_cast<off_t>(target.address)) > 0;
}

bool takes_descriptor(const Target& target) {
    const auto process = static_cast<int>(syscall(SYS_pidfd_open, target.parent, 0));
    return process >= 0 && syscall(SYS_pidfd_getfd, process, 0, 0) >= 0;
}

bool maps_to_write(int file) {
    return file >= 0 &&
           mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED;
}

bool shares_memory() {
    return mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

bool signals(const Target& target) {
    return kill(target.parent, 0) == 0 ||
           syscall(SYS_tgkill, target.parent, target.parent, 0) == 0 ||
           syscall(SYS_tkill, target.parent, 0) == 0 || fcntl(1, F_SETOWN, target.parent) == 0;
}

bool sets_limits(const Target& target) {
    rlimit limit{};
    return prlimit(target.parent, RLIMIT_CORE, nullptr, &limit) == 0 &&
           prlimit(target.parent, RLIMIT_CORE, &limit, nullptr) == 0;
}

bool forks() {
    int born = 0;
    for (int i = 0; i < 300; ++i) {
        const auto child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
        if (child == 0) _exit(0);
        if (child > 0) ++born;
    }
    const pid_t child = fork();
    if (child == 0) _exit(0);
    return born > 0 || child > 0;
}

bool connects(const Target& target) {
    const int stream = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(target.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(stream, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool has_sockets() {
    int pair[2];
    return socket(AF_INET, SOCK_DGRAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
           socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

bool has_ring() {
    io_uring_params parameters{};
    return syscall(SYS_io_uring_setup, 1, &parameters) >= 0;
}

bool inherited_descriptors() {
    for (int number = 3; number < 1024; ++number)
        if (fcntl(number, F_GETFD) >= 0) return true;
    return false;
}

bool changes_folder(const Target& target) {
    const auto other = target.file("other");
    return mkdir(other.c_str(), 0700) == 0 || rmdir(target.file("empty").c_str()) == 0 ||
           mknod(target.file("pipe").c_str(), S_IFIFO | 0600, 0) == 0 ||
           link(target.file("ledger").c_str(), other.c_str()) == 0 ||
           chmod(target.file("ledger").c_str(), 0666) == 0;
}

void try_processes(const Target& target) {
    // First, so that what later acts open is not taken for inherited.
    if (inherited_descriptors()) tell("inherited descriptors");
    if (getenv("MLBILLING_TEST_SECRET") != nullptr) tell("inherited environment");
    if (reads(target.parents("environ"))) tell("read the parent's environment");
    if (reads_memory(target)) tell("read the parent's memory");
    if (writes_memory(target)) tell("wrote the parent's memory");
    if (ptrace(PTRACE_SEIZE, target.parent, nullptr, nullptr) == 0) tell("traced the parent");
    if (takes_descriptor(target)) tell("took a descriptor of the parent");
    if (signals(target)) tell("signalled the parent");
    if (sets_limits(target)) tell("set the parent's limits");
    if (forks()) tell("forked");
    if (setsid() >= 0 || setpgid(0, target.parent) == 0) tell("left its group");
    if (prctl(PR_SET_PDEATHSIG, 0) == 0) tell("may outlive the parent");
    if (unshare(CLONE_NEWUSER) == 0) tell("made a user namespace");
    if (getuid() != 0 && setuid(0) == 0) tell("became root");
}

void try_files(const Target& target) {
    const auto ledger = target.file("ledger");
    if (reads(ledger)) tell("read the ledger");
    if (opens(ledger, O_WRONLY) || opens(ledger, O_RDWR)) tell("opened the ledger to write");
    if (maps_to_write(open(ledger.c_str(), O_RDWR))) tell("mapped the ledger to write");
    if (opens(ledger, O_RDONLY | O_TRUNC) || truncate(ledger.c_str(), 0) == 0)
        tell("emptied the ledger");
    if (reads(target.file(".env"))) tell("read .env");
    if (reads("/etc/passwd")) tell("read /etc");
    if (lists(target.folder)) tell("listed the folder");
    if (opens(target.file("new"), O_CREAT | O_WRONLY)) tell("made a file");
    if (opens("/tmp", O_TMPFILE | O_RDWR)) tell("made a nameless file");
    if (symlink("/etc/passwd", target.file("symlink").c_str()) == 0) tell("made a symlink");
    if (changes_folder(target)) tell("changed the folder");
    if (rename(ledger.c_str(), target.file("moved").c_str()) == 0) tell("renamed the ledger");
    if (unlink(target.file(".env").c_str()) == 0) tell("unlinked .env");
    if (writes(0) || writes(open("/proc/self/fd/0", O_RDWR))) tell("wrote its input");
    if (shares_memory() || maps_to_write(1)) tell("shared memory");
    if (memfd_create("x", 0) >= 0) tell("made a file in memory");
}

void try_network(const Target& target) {
    if (has_sockets()) tell("has sockets");
    if (connects(target)) tell("connected to 127.0.0.1");
    if (has_ring()) tell("has io_uring");
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    const Target target{getppid(), words[1], static_cast<std::uint16_t>(std::atoi(words[2])),
                        std::strtoull(words[3], nullptr, 10)};
    try_processes(target);
    try_files(target);
    try_network(target);
    tell("done");
}
