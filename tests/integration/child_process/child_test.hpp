#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "adapters/child_process/child_process.hpp"
#include "support/run.hpp"

namespace mlbilling::child_process {

/// Outside of any cage, where a shell can start programs.
inline ChildCommand shell(std::string script) {
    return {.program = "sh", .arguments = {"-c", std::move(script)}, .cage = Cage::none};
}

/// Processes whose parent is this one, zombies too.
inline std::string children_of(pid_t process) {
    const auto id = std::to_string(process);
    std::ifstream file("/proc/" + id + "/task/" + id + "/children");
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs programs, and sees to it that none is left at the end.
class ChildTest : public testing::Test {
  public:
    ChildResult run(ChildCommand command) {
        return test::run(loop, children.run(std::move(command)));
    }
    void TearDown() override { EXPECT_EQ(children_of(getpid()), ""); }

    boost::asio::io_context loop;
    ChildProcesses children{4};
};

}  // namespace mlbilling::child_process
