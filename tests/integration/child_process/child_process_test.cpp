// Programs are run, watched and reaped.
#include <sys/wait.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <thread>

#include "integration/child_process/child_test.hpp"

namespace mlbilling::child_process {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using ChildProcess = ChildTest;

bool runs(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string id, name, state;
    return (file >> id >> name >> state) && state != "Z" && state != "X";
}

/// The kernel tears killed processes down in its own time.
bool ends_soon(pid_t process) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (runs(process)) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(ChildProcess, ReturnsWhatTheProgramWritesAndItsStatus) {
    const auto result = run(shell("echo out; echo err >&2; exit 7"));
    EXPECT_EQ(result.end, ChildEnd::exited);
    EXPECT_EQ(result.code, 7);
    EXPECT_EQ(result.output, "out\n");
    EXPECT_EQ(result.diagnostics, "err\n");
    EXPECT_FALSE(result.succeeded());
}

TEST_F(ChildProcess, GivesInputLargerThanAPipeToAProgramThatReadsItTwice) {
    auto command = shell("cat; cat /dev/stdin");
    command.input = std::string(3'000'000, 'x') + "end";
    command.limits.output_bytes = 10'000'000;
    const auto expected = command.input + command.input;
    const auto result = run(std::move(command));
    EXPECT_TRUE(result.succeeded()) << result.diagnostics;
    EXPECT_EQ(result.output, expected);
}

TEST_F(ChildProcess, SaysWhenTheProgramIsMissing) {
    EXPECT_EQ(run({.program = "no-such-program"}).end, ChildEnd::program_missing);
    EXPECT_EQ(run({.program = "/no/such/program"}).end, ChildEnd::program_missing);
    EXPECT_EQ(run({.program = "/etc/passwd"}).end, ChildEnd::program_missing);
    EXPECT_EQ(run({.program = "/tmp"}).end, ChildEnd::program_missing);
}

TEST_F(ChildProcess, ThrowsUnavailableWhenTheKernelRefusesTheProgram) {
    auto command = shell("true");
    command.arguments.push_back(std::string(3'000'000, 'x'));
    EXPECT_THROW(run(std::move(command)), std::exception);
}

TEST_F(ChildProcess, NeverHandsArgumentsToAShell) {
    const auto result = run({.program = "echo", .arguments = {"$(id)", "; ls", "`id`", "*"}});
    EXPECT_EQ(result.output, "$(id) ; ls `id` *\n");
}

TEST_F(ChildProcess, KillsWhatRunsPastItsDeadline) {
    auto command = shell("echo partial; sleep 60");
    command.limits.deadline = 300ms;
    const auto result = run(std::move(command));
    EXPECT_EQ(result.end, ChildEnd::timed_out);
    EXPECT_EQ(result.output, "partial\n");
}

TEST_F(ChildProcess, KillsTheWholeGroupAtTheDeadline) {
    auto command = shell("for i in 1 2 3 4 5; do (sleep 60 & echo $!; sleep 60) & done; wait");
    command.limits.deadline = 700ms;
    const auto result = run(std::move(command));
    EXPECT_EQ(result.end, ChildEnd::timed_out);
    std::istringstream ids(result.output);
    int count = 0;
    for (pid_t id = 0; ids >> id; ++count) EXPECT_TRUE(ends_soon(id)) << id;
    EXPECT_EQ(count, 5);
}

TEST_F(ChildProcess, WhatAProgramLeavesBehindEndsWithIt) {
    const auto result = run(shell("sleep 60 & echo $!"));
    EXPECT_TRUE(result.succeeded());
    EXPECT_TRUE(ends_soon(std::stoi(result.output)));
}

TEST_F(ChildProcess, LeaksNoDescriptorAndNoZombieInAHundredRuns) {
    run(shell("true"));
    const auto before = open_descriptors();
    for (int i = 0; i < 100; ++i) {
        ChildCommand command = i % 3 == 0 ? shell("exit 1") : ChildCommand{.program = "yes"};
        if (i % 3 == 2) command.limits.deadline = 1ms;
        command.limits.output_bytes = 1'000;
        run(std::move(command));
    }
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_EQ(children_of(getpid()), "");
}

TEST_F(ChildProcess, RunsNoMoreAtOnceThanAllowed) {
    ChildProcesses one{1};
    std::vector<ChildResult> results;
    for (int i = 0; i < 3; ++i) {
        auto command = shell("sleep 60");
        command.limits.deadline = 200ms;
        asio::co_spawn(
            loop, one.run(std::move(command)),
            [&](std::exception_ptr, ChildResult result) { results.push_back(std::move(result)); });
    }
    std::string seen;
    while (results.size() < 3 && loop.run_one() > 0) {
        const auto now = children_of(getpid());
        EXPECT_LE(std::count(now.begin(), now.end(), ' '), 1) << now;
    }
    for (const auto& result : results) EXPECT_EQ(result.end, ChildEnd::timed_out);
    EXPECT_TRUE(run(shell("true")).succeeded());
}

TEST_F(ChildProcess, ACancelledCallKillsItsChildAndWaitsForItsEnd) {
    for (const bool waits_for_a_place : {false, true}) {
        ChildProcesses one{1};
        asio::cancellation_signal first, second;
        int ended = 0;
        const auto begin = [&](asio::cancellation_signal& signal) {
            asio::co_spawn(loop, one.run(shell("sleep 60")),
                           asio::bind_cancellation_slot(
                               signal.slot(), [&](std::exception_ptr error, const ChildResult&) {
                                   EXPECT_TRUE(error);
                                   ++ended;
                               }));
        };
        begin(first);
        begin(second);
        loop.restart();
        loop.poll();
        EXPECT_NE(children_of(getpid()), "");
        if (waits_for_a_place) second.emit(asio::cancellation_type::terminal);
        first.emit(asio::cancellation_type::terminal);
        second.emit(asio::cancellation_type::terminal);
        while (ended < 2 && loop.run_one() > 0) {
        }
        if (children_of(getpid()) != "") {
            // The freed place went to the second call before it was cancelled.
            second.emit(asio::cancellation_type::terminal);
        }
        loop.run();
        EXPECT_EQ(children_of(getpid()), "");
    }
}

TEST_F(ChildProcess, ALoopThatIsTornDownLeavesNoChild) {
    {
        asio::io_context other;
        asio::co_spawn(other, children.run(shell("sleep 60")),
                       [](std::exception_ptr, ChildResult) {});
        other.poll();
        EXPECT_NE(children_of(getpid()), "");
    }
    EXPECT_EQ(children_of(getpid()), "");
}

TEST_F(ChildProcess, AKilledServiceLeavesNoChild) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t service = fork();
    if (service == 0) {
        asio::io_context other;
        ChildProcesses own{1};
        asio::co_spawn(other, own.run(shell("sleep 60")), [](std::exception_ptr, ChildResult) {});
        other.poll();
        const auto name = children_of(getpid());
        if (write(ready[1], name.data(), name.size()) < 0) _exit(1);
        pause();
        _exit(0);
    }
    char name[32] = {};
    ASSERT_GT(read(ready[0], name, sizeof name - 1), 0);
    const pid_t child = std::stoi(name);
    EXPECT_TRUE(runs(child));
    kill(service, SIGKILL);
    waitpid(service, nullptr, 0);
    EXPECT_TRUE(ends_soon(child));
    close(ready[0]);
    close(ready[1]);
}

}  // namespace
}  // namespace mlbilling::child_process
