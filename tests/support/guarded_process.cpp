#include "support/guarded_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace mlbilling::test {
namespace {

std::pair<int, int> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    return {ends[0], ends[1]};
}

std::vector<char*> for_exec(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

GuardedProcess::GuardedProcess(const std::vector<std::string>& command,
                               const Environment& environment) {
    auto whole = command;
    std::vector<std::string> settings{"/usr/bin/env"};
    for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
    whole.insert(whole.begin(), settings.begin(), settings.end());
    const auto [life_there, life_here] = make_pipe();
    const auto [output_here, output_there] = make_pipe();
    guard_ = fork();
    if (guard_ == 0) {
        close(life_here);
        guard(whole, life_there, output_there);
    }
    close(life_there);
    close(output_there);
    life_ = life_here;
    output_ = output_here;
    const auto line = read_line();
    std::from_chars(line.data(), line.data() + line.size(), program_);
}

GuardedProcess::~GuardedProcess() {
    close(life_);
    close(output_);
    waitpid(guard_, nullptr, 0);
}

// Runs in a process of its own, which has nothing but system calls.
void GuardedProcess::guard(const std::vector<std::string>& command, int life, int output) {
    const auto arguments = for_exec(command);
    setpgid(0, 0);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    const pid_t program = fork();
    if (program == 0) {
        dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    dprintf(STDOUT_FILENO, "%d\n", program);
    // Nothing of the test's may live on here: not the end of another guard's pipe, nor of this one.
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    dup2(life, STDIN_FILENO);
    close_range(3, ~0U, 0);
    char byte = 0;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    kill(0, SIGKILL);
    _exit(1);
}

std::string GuardedProcess::read_line() {
    for (;;) {
        if (const auto end = read_.find('\n'); end != std::string::npos) {
            auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> part{};
        const auto bytes = read(output_, part.data(), part.size());
        if (bytes <= 0) throw std::runtime_error("the program ended; its last words: " + read_);
        read_.append(part.data(), static_cast<std::size_t>(bytes));
    }
}

std::string GuardedProcess::read_all() {
    std::string text;
    try {
        for (;;) text += read_line() + "\n";
    } catch (const std::runtime_error&) {
        text += std::exchange(read_, {});
    }
    return text;
}

void GuardedProcess::signal(int number) const { kill(program_, number); }

}  // namespace mlbilling::test
