// A decoder that is taken over reaches nobody: a hostile program in its place tries
// (docs/security.md).
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <vector>

#include "adapters/child_process/landlock.hpp"
#include "base/descriptor.hpp"
#include "integration/child_process/child_test.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::child_process {
namespace {

using Acts = std::vector<std::string>;

/// Is the service: not dumpable, with a book, a .env, and a listener that nobody should reach.
class Hostile : public ChildTest {
  public:
    Hostile() {
        ::setenv("MLBILLING_TEST_SECRET", "hidden", 1);
        for (const auto* name : {"ledger", ".env"}) {
            std::ofstream(folder() + "/" + name) << std::string(4096, 'x');
            ::chmod((folder() + "/" + name).c_str(), 0600);
        }
        std::filesystem::create_directory(folder() + "/empty");
        listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* any = reinterpret_cast<sockaddr*>(&address);
        socklen_t length = sizeof address;
        EXPECT_EQ(::bind(listener_.number(), any, length), 0);
        EXPECT_EQ(::listen(listener_.number(), 1), 0);
        EXPECT_EQ(::getsockname(listener_.number(), any, &length), 0);
        port_ = ntohs(address.sin_port);
        ::prctl(PR_SET_DUMPABLE, 0);
    }
    ~Hostile() override { ::prctl(PR_SET_DUMPABLE, 1); }
    Hostile(const Hostile&) = delete;
    Hostile& operator=(const Hostile&) = delete;

    std::string folder() const { return directory_.path().string(); }

    ChildCommand attack(Cage cage) const {
        return {.program = HOSTILE_DECODER,
                .arguments = {folder(), std::to_string(port_),
                              std::to_string(reinterpret_cast<std::uintptr_t>(&treasure))},
                .input = "bytes of a stranger",
                .cage = cage};
    }

    /// What worked; the program must have tried everything.
    Acts worked(ChildCommand command, Landlock landlock = Landlock::if_kernel_has_it) {
        ChildProcesses own(1, landlock);
        const auto result = test::run(loop, own.run(std::move(command)));
        EXPECT_TRUE(result.succeeded()) << result.code << ' ' << result.diagnostics;
        Acts acts;
        std::istringstream lines(result.output);
        for (std::string line; std::getline(lines, line);) acts.push_back(line);
        EXPECT_TRUE(!acts.empty() && acts.back() == "done") << result.output;
        if (!acts.empty()) acts.pop_back();
        return acts;
    }

    bool nothing_changed() const {
        std::ifstream file(folder() + "/ledger");
        const std::string ledger{std::istreambuf_iterator<char>(file), {}};
        const auto entries = std::distance(std::filesystem::directory_iterator(folder()), {});
        return ledger == std::string(4096, 'x') && entries == 3 && treasure == 42;
    }

    std::uint64_t treasure = 42;

  private:
    test::TemporaryDirectory directory_;
    Descriptor listener_;
    int port_ = 0;
};

TEST_F(Hostile, NothingWorksInTheCageOfADecoder) {
    if (landlock_version() == 0) GTEST_SKIP() << "no Landlock in this kernel: the next test's case";
    EXPECT_EQ(worked(attack(Cage::decoder)), Acts{});
    EXPECT_TRUE(nothing_changed());
}

/// What docs/security.md says of kernels without Landlock.
TEST_F(Hostile, WithoutLandlockOnlyFilesOfItsOwnUserCanBeRead) {
    Acts readable{"read the ledger", "read .env", "read /etc"};
    if (::geteuid() == 0) readable = {"read /etc"};
    EXPECT_EQ(worked(attack(Cage::decoder), Landlock::off), readable);
    EXPECT_TRUE(nothing_changed());
}

TEST_F(Hostile, AnEngineMayStartThreadsAndListItsFoldersAtMost) {
    if (landlock_version() == 0) GTEST_SKIP() << "no Landlock in this kernel";
    auto command = attack(Cage::engine);
    EXPECT_EQ(worked(command), Acts{});
    command.seekable_output = true;
    EXPECT_EQ(worked(std::move(command)), Acts{});
    EXPECT_TRUE(nothing_changed());
}

/// Else the tests above would say nothing.
TEST_F(Hostile, TheSameProgramIsAbleToDoAllThat) {
    auto command = attack(Cage::none);
    command.network = true;
    ::prctl(PR_SET_DUMPABLE, 1);
    const auto acts = worked(std::move(command));
    // The kernel or a container may forbid the rest to everybody.
    for (const auto* act : {"read the parent's environment",
                            "signalled the parent",
                            "set the parent's limits",
                            "forked",
                            "may outlive the parent",
                            "read the ledger",
                            "opened the ledger to write",
                            "mapped the ledger to write",
                            "emptied the ledger",
                            "read /etc",
                            "listed the folder",
                            "made a file",
                            "made a symlink",
                            "changed the folder",
                            "renamed the ledger",
                            "unlinked .env",
                            "shared memory",
                            "made a file in memory",
                            "has sockets",
                            "connected to 127.0.0.1"})
        EXPECT_EQ(std::count(acts.begin(), acts.end(), act), 1) << act;
    EXPECT_FALSE(nothing_changed());
}

TEST_F(Hostile, RootGivesItsChildrenAUserOfTheirOwn) {
    if (::geteuid() != 0) GTEST_SKIP() << "only where the service is root";
    const ChildCommand command{.program = "id", .arguments = {"-u"}};
    EXPECT_EQ(run(command).output, "65533\n");
}

TEST_F(Hostile, TheChildIsTheKernelsFirstVictim) {
    auto command = shell(
        "cat /proc/self/oom_score_adj; while [ \"$(cat /proc/$$/oom_score_adj)\" "
        "!= 1000 ]; do :; done; echo first");
    command.limits.deadline = Duration(10'000);
    const auto result = run(std::move(command));
    EXPECT_TRUE(result.output.ends_with("first\n")) << result.output;
}

}  // namespace
}  // namespace mlbilling::child_process
