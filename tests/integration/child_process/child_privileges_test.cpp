// What a command may ask for beyond turning bytes into bytes: a file, variables, the network.
#include <sys/stat.h>

#include <filesystem>
#include <vector>

#include "base/unavailable.hpp"
#include "integration/child_process/child_test.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::child_process {
namespace {

class ChildPrivileges : public ChildTest {
  public:
    std::string file() const { return (directory_.path() / "out").string(); }
    std::string content() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

  private:
    test::TemporaryDirectory directory_;
};

TEST_F(ChildPrivileges, OutputGoesToANewFileForItsOwnerAlone) {
    auto command = shell("head -c 3000000 /dev/zero; printf end");
    command.output_file = file();
    command.limits.output_bytes = 4'000'000;
    const auto result = run(std::move(command));
    EXPECT_TRUE(result.succeeded()) << result.diagnostics;
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(content().size(), 3'000'003U);
    EXPECT_TRUE(content().ends_with("end"));
    struct stat status{};
    ASSERT_EQ(stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

/// One after the other, without a pause between them.
Async<std::vector<ChildResult>> in_turn(ChildProcesses* children, std::string file) {
    std::vector<ChildResult> results;
    for (int i = 0; i < 5; ++i) {
        auto first = shell("true");
        first.output_file = file + std::to_string(i);
        results.push_back(co_await children->run(std::move(first)));
        auto second = shell("sleep 0.1; echo done");
        results.push_back(co_await children->run(std::move(second)));
    }
    co_return results;
}

TEST_F(ChildPrivileges, TheEndOfOneIsNotTakenForThatOfTheNext) {
    for (const auto& result : test::run(loop, in_turn(&children, file())))
        EXPECT_TRUE(result.succeeded()) << static_cast<int>(result.end) << ' ' << result.code;
}

TEST_F(ChildPrivileges, AFileThatIsThereIsNeverOverwritten) {
    std::ofstream(file()) << "precious";
    auto command = shell("echo new");
    command.output_file = file();
    EXPECT_THROW(run(std::move(command)), Unavailable);
    EXPECT_EQ(content(), "precious");
}

TEST_F(ChildPrivileges, AFileStopsGrowingAtItsLimit) {
    auto command = shell("head -c 3000000 /dev/zero");
    command.output_file = file();
    command.limits.output_bytes = 1'000'000;
    EXPECT_FALSE(run(std::move(command)).succeeded());
    EXPECT_EQ(content().size(), 1'000'000U);
}

TEST_F(ChildPrivileges, VariablesAreAddedToTheMinimalEnvironment) {
    auto command = shell("printf '%s|' \"$SECRET\" \"$LC_ALL\"");
    command.environment = {"SECRET=a b=c"};
    EXPECT_EQ(run(std::move(command)).output, "a b=c|C.UTF-8|");
}

/// Python's own message tells whether there was a socket at all.
ChildCommand socket_opener() {
    return {.program = "python3",
            .arguments = {"-c", "import socket; socket.socket(); print('open')"},
            .cage = Cage::none};
}

TEST_F(ChildPrivileges, TheNetworkIsForThoseWhoAskForIt) {
    const auto refused = run(socket_opener());
    EXPECT_FALSE(refused.succeeded());
    EXPECT_NE(refused.diagnostics.find("PermissionError"), std::string::npos)
        << refused.diagnostics;
    auto command = socket_opener();
    command.network = true;
    EXPECT_EQ(run(std::move(command)).output, "open\n");
}

TEST_F(ChildPrivileges, TheNetworkIsNoWayOutOfTheProcessGroup) {
    auto command = shell("setsid true");
    command.network = true;
    EXPECT_FALSE(run(std::move(command)).succeeded());
}

}  // namespace
}  // namespace mlbilling::child_process
