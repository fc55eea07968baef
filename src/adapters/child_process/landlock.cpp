#include "adapters/child_process/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

#include "base/unavailable.hpp"

namespace mlbilling::child_process {
namespace {

/// struct landlock_ruleset_attr as it is since version 6; Debian 12's header ends after the first
/// member. The kernel takes the shorter ones of its elders, by their size.
struct Ruleset {
    std::uint64_t files = 0;
    std::uint64_t network = 0;
    std::uint64_t scope = 0;
};

constexpr std::uint64_t first_rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr std::uint64_t truncate_files = 1U << 14;
constexpr std::uint64_t control_devices = 1U << 15;
constexpr std::uint64_t bind_and_connect_tcp = 3;
constexpr std::uint64_t abstract_sockets_and_signals = 3;

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t run_file = read_file | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr std::uint64_t read_folder = run_file | LANDLOCK_ACCESS_FS_READ_DIR;

/// Everything that this version can forbid; what no rule allows is forbidden.
Ruleset all_of(int version) {
    Ruleset all{.files = first_rights};
    if (version >= 2) all.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) all.files |= truncate_files;
    if (version >= 5) all.files |= control_devices;
    if (version >= 4) all.network = bind_and_connect_tcp;
    if (version >= 6) all.scope = abstract_sockets_and_signals;
    return all;
}

std::size_t size_for(int version) {
    if (version >= 6) return sizeof(Ruleset);
    return version >= 4 ? offsetof(Ruleset, scope) : offsetof(Ruleset, network);
}

[[noreturn]] void fail(const std::string& what) {
    throw Unavailable("Landlock: " + what + ": " + std::generic_category().message(errno));
}

/// Of a path that is not there there is nothing to allow.
void allow(const Descriptor& ruleset, const std::string& path, std::uint64_t rights) {
    const Descriptor place(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!place.is_open()) {
        if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return;
        fail(path);
    }
    landlock_path_beneath_attr rule{};
    rule.allowed_access = rights;
    rule.parent_fd = place.number();
    if (syscall(SYS_landlock_add_rule, ruleset.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        fail(path);
}

}  // namespace

int landlock_version() {
    // No kernel changes its mind while it runs.
    static const auto version = static_cast<int>(syscall(
        SYS_landlock_create_ruleset, nullptr, std::size_t{0}, LANDLOCK_CREATE_RULESET_VERSION));
    return version < 0 ? 0 : version;
}

Descriptor path_rules(const std::string& program) {
    const int version = landlock_version();
    if (version == 0) return {};
    const Ruleset all = all_of(version);
    Descriptor ruleset(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &all, size_for(version), 0)));
    if (!ruleset.is_open()) fail("create");
    for (const char* folder : {"/usr", "/lib", "/lib64"}) allow(ruleset, folder, read_folder);
    allow(ruleset, "/etc/ld.so.cache", read_file);
    allow(ruleset, "/dev/null", read_file | LANDLOCK_ACCESS_FS_WRITE_FILE);
    allow(ruleset, program, run_file);
    return ruleset;
}

}  // namespace mlbilling::child_process
