// What a child may use up and reach.
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "integration/child_process/child_test.hpp"

namespace mlbilling::child_process {
namespace {

using ChildConfinement = ChildTest;

TEST_F(ChildConfinement, KillsAnOutputBombAtTheLimit) {
    auto command = ChildCommand{.program = "yes"};
    command.limits.output_bytes = 100'000;
    const auto result = run(std::move(command));
    EXPECT_EQ(result.end, ChildEnd::output_too_long);
    EXPECT_EQ(result.output.size(), 100'000U);
}

TEST_F(ChildConfinement, OutputOfExactlyTheLimitIsFine) {
    auto command = shell("head -c 100000 /dev/zero");
    command.limits.output_bytes = 100'000;
    EXPECT_TRUE(run(std::move(command)).succeeded());
}

TEST_F(ChildConfinement, KeepsOnlyTheEndOfTheDiagnostics) {
    const auto result = run(shell("head -c 500000 /dev/zero | tr '\\0' x >&2; echo end >&2"));
    EXPECT_TRUE(result.succeeded());
    EXPECT_EQ(result.diagnostics.size(), 4'000U);
    EXPECT_TRUE(result.diagnostics.ends_with("end\n"));
}

TEST_F(ChildConfinement, AChildCannotLeaveTheGroupByWhichItIsKilled) {
    const auto result = run(shell("setsid sleep 60; exit $?"));
    EXPECT_FALSE(result.succeeded());
    EXPECT_NE(result.diagnostics.find("not permitted"), std::string::npos) << result.diagnostics;
}

TEST_F(ChildConfinement, AChildHasNoNetwork) {
    const auto result = run({.program = "bash",
                             .arguments = {"-c", "echo > /dev/tcp/127.0.0.1/9"},
                             .cage = Cage::none});
    EXPECT_NE(result.diagnostics.find("not permitted"), std::string::npos) << result.diagnostics;
}

TEST_F(ChildConfinement, AChildWritesNoFile) {
    const auto name = "/tmp/mlbilling-child-" + std::to_string(getpid());
    const auto result = run(shell("echo something > " + name));
    EXPECT_FALSE(result.succeeded());
    std::error_code error;
    EXPECT_EQ(std::filesystem::file_size(name, error), 0U);
    std::filesystem::remove(name);
}

TEST_F(ChildConfinement, SeekableOutputIsBounded) {
    auto command = shell("head -c 100000 /dev/zero > /dev/stdout");
    command.seekable_output = true;
    command.limits.output_bytes = 200'000;
    EXPECT_EQ(run(command).output.size(), 100'000U);
    command.limits.output_bytes = 50'000;
    const auto result = run(std::move(command));
    EXPECT_EQ(result.end, ChildEnd::output_too_long);
    EXPECT_EQ(result.output.size(), 50'000U);
}

TEST_F(ChildConfinement, CpuTimeIsBounded) {
    auto command = shell("while :; do :; done");
    command.limits.cpu_seconds = 1;
    const auto result = run(std::move(command));
    EXPECT_EQ(result.end, ChildEnd::signalled);
    EXPECT_EQ(result.code, SIGXCPU);
}

TEST_F(ChildConfinement, MemoryAndDescriptorsAreBounded) {
    auto command = shell("ulimit -v; ulimit -d; ulimit -n; ulimit -c");
    command.limits.memory_bytes = 256 << 20;
    command.limits.data_bytes = 64 << 20;
    command.limits.open_files = 20;
    EXPECT_EQ(run(std::move(command)).output, "262144\n65536\n20\n0\n");
}

TEST_F(ChildConfinement, SeesNothingOfOurEnvironmentDescriptorsAndDirectory) {
    ::setenv("MLBILLING_TEST_SECRET", "hidden", 1);
    const auto result = run(shell("env | sort; ls /proc/self/fd | wc -l; pwd"));
    EXPECT_EQ(result.output.find("hidden"), std::string::npos);
    // ls itself holds one descriptor: the directory.
    EXPECT_NE(result.output.find("\n4\n/\n"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace mlbilling::child_process
