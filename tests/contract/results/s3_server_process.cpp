#include "s3_server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;

/// Where the server's program and packages lie: in the checkout whose build/ holds this test.
fs::path server_folder() {
    for (auto place = fs::read_symlink("/proc/self/exe"); place != place.root_path();
         place = place.parent_path()) {
        auto folder = place / "tests/contract/results/s3_server";
        if (fs::exists(folder / "server.mjs")) return folder;
    }
    throw std::runtime_error("this test does not lie in the build folder of a checkout");
}

}  // namespace

S3ServerProcess::S3ServerProcess() {
    start();
    const auto port = read_line();
    if (port.empty())
        throw std::runtime_error(
            "the S3 server did not start; install its packages: npm --prefix " +
            server_folder().string() + " ci");
    endpoint_ = "http://127.0.0.1:" + port;
}

S3ServerProcess::~S3ServerProcess() {
    ::close(input_);
    ::close(output_);
    // It only serves this test and keeps nothing, so there is nothing to wait for.
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

void S3ServerProcess::start() {
    std::array<int, 2> in{}, out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("pipe2 failed");
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::string program = "node", script = server_folder() / "server.mjs";
    std::string folder = directory_.path().string(), name = bucket;
    // The library makes its continuation tokens with a cipher that OpenSSL 3 counts as legacy.
    std::string legacy = "--openssl-legacy-provider";
    const std::array<char*, 6> arguments{program.data(), legacy.data(), script.data(),
                                         folder.data(),  name.data(),   nullptr};
    const int failed =
        ::posix_spawnp(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
    if (failed != 0) throw std::runtime_error("node cannot be started");
}

void S3ServerProcess::set_age(std::chrono::hours age) const {
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path()))
        fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - age);
}

std::string S3ServerProcess::read_line() const {
    std::string line;
    char c = 0;
    while (::read(output_, &c, 1) == 1 && c != '\n') line += c;
    return line;
}

}  // namespace mlbilling::test
