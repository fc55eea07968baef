#include "support/server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace mlbilling::test {
namespace {

constexpr const char* server_user = "postgres";

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Where the program belongs: to the test's process group, or to one of its own.
enum class Group { ours, own };

/// Starts the command with these descriptors as its input and output; -1: /dev/null and ours.
pid_t start(const std::vector<std::string>& command, int input, int output, Group group) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, 0);
    else
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (output >= 0) {
        posix_spawn_file_actions_adddup2(&actions, output, 1);
        posix_spawn_file_actions_adddup2(&actions, output, 2);
    }
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    if (group == Group::own) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t id = -1;
    const int error =
        posix_spawnp(&id, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
    return id;
}

int wait_for(pid_t id) {
    int status = 0;
    while (waitpid(id, &status, 0) < 0)
        if (errno != EINTR) fail("waitpid");
    return status;
}

struct Pipe {
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2");
        out = ends[0];
        in = ends[1];
    }
    int out = -1;
    int in = -1;
};

std::string read_all(int descriptor) {
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto count = read(descriptor, buffer, sizeof buffer);
        if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
        if (count == 0) break;
        if (count < 0 && errno != EINTR) fail("read");
    }
    close(descriptor);
    return text;
}

}  // namespace

void run_program(const std::vector<std::string>& command) {
    const Pipe output;
    const auto id = start(command, -1, output.in, Group::ours);
    close(output.in);
    const auto said = read_all(output.out);
    if (wait_for(id) == 0) return;
    std::string line;
    for (const auto& word : command) line += word + ' ';
    throw std::runtime_error(line + "failed: " + said);
}

OnLeash start_on_leash(const std::vector<std::string>& command, Output output) {
    const Pipe leash;
    if (output == Output::as_ours) {
        const auto id = start(command, leash.out, -1, Group::ours);
        close(leash.out);
        return {id, leash.in, -1};
    }
    const Pipe words;
    const auto id = start(command, leash.out, words.in, Group::own);
    close(leash.out);
    close(words.in);
    return {id, leash.in, words.out};
}

void let_go(OnLeash& program) {
    if (program.id < 0) return;
    close(program.leash);
    wait_for(program.id);
    program = {};
}

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket, generic, size) != 0 || getsockname(socket, generic, &size) != 0) fail("bind");
    close(socket);
    return ntohs(address.sin_port);
}

std::vector<std::string> as_server_user() {
    if (geteuid() != 0) return {};
    return {"setpriv", std::string("--reuid=") + server_user, std::string("--regid=") + server_user,
            "--clear-groups"};
}

void give_to_server_user(const std::filesystem::path& path) {
    if (geteuid() != 0) return;
    const auto* user = getpwnam(server_user);
    if (user == nullptr) throw std::runtime_error("there is no user postgres");
    if (chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) fail("chown " + path.string());
}

}  // namespace mlbilling::test
