#include "support/guarded_process.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace mlbilling::test {
namespace {

/// Starts the program, which says its id first, and kills the whole group when the leash is gone.
constexpr const char* guard_script =
    "trap '' INT HUP TERM; "
    "(trap - INT HUP TERM; exec sh -c 'echo $$; exec \"$@\"' program \"$@\") </dev/null & "
    "exec >/dev/null 2>&1; cat; kill -KILL 0";

std::vector<std::string> guarded(const std::vector<std::string>& command,
                                 const GuardedProcess::Environment& environment) {
    std::vector<std::string> whole{"sh", "-c", guard_script, "guard", "/usr/bin/env"};
    for (const auto& [name, value] : environment) whole.push_back(name + "=" + value);
    whole.insert(whole.end(), command.begin(), command.end());
    return whole;
}

}  // namespace

GuardedProcess::GuardedProcess(const std::vector<std::string>& command,
                               const Environment& environment)
    : guard_(start_on_leash(guarded(command, environment), Output::piped)) {
    const auto line = read_line();
    std::from_chars(line.data(), line.data() + line.size(), program_);
}

GuardedProcess::~GuardedProcess() {
    close(guard_.output);
    let_go(guard_);
}

std::string GuardedProcess::read_line() {
    for (;;) {
        if (const auto end = read_.find('\n'); end != std::string::npos) {
            auto line = read_.substr(0, end);
            read_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> part{};
        const auto bytes = read(guard_.output, part.data(), part.size());
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
