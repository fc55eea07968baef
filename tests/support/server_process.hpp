#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mlbilling::test {

/// Runs a program to its end. Throws std::runtime_error with what it said when it fails.
void run_program(const std::vector<std::string>& command);

/// Starts a program whose standard input is a leash: it is at its end when `leash` is closed, which
/// the kernel does for a test that is killed.
struct OnLeash {
    pid_t id = -1;
    int leash = -1;
    /// What it and its children say on stdout and stderr, if that was asked for; closed by whoever
    /// has it.
    int output = -1;
};
enum class Output { as_ours, piped };
/// `piped` also gives it a process group of its own.
OnLeash start_on_leash(const std::vector<std::string>& command, Output output = Output::as_ours);
/// Lets go and waits for the program's end.
void let_go(OnLeash& program);

/// A port of loopback that nobody listens on.
std::uint16_t free_port();

/// What a server's program is started with, so that it does not run as root, which PostgreSQL and
/// PgBouncer refuse: a prefix of the command, empty when the test is not root.
std::vector<std::string> as_server_user();
/// Gives the file or directory to that user.
void give_to_server_user(const std::filesystem::path& path);

}  // namespace mlbilling::test
