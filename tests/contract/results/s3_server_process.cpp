#include "s3_server_process.hpp"

#include <filesystem>
#include <stdexcept>
#include <vector>

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
    // The library makes its continuation tokens with a cipher that OpenSSL 3 counts as legacy.
    const std::vector<std::string> command{"node", "--openssl-legacy-provider",
                                           server_folder() / "server.mjs",
                                           directory_.path().string(), bucket};
    process_ = std::make_unique<GuardedProcess>(
        command, GuardedProcess::Environment{{"NODE_NO_WARNINGS", "1"}});
    // Its port, or what is wrong.
    const auto line = process_->read_line();
    if (line.find_first_not_of("0123456789") != std::string::npos)
        throw std::runtime_error(
            "the S3 server did not start; install its packages: npm --prefix " +
            server_folder().string() + " ci; it said: " + line + process_->read_all());
    endpoint_ = "http://127.0.0.1:" + line;
}

void S3ServerProcess::set_age(std::chrono::hours age) const {
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path()))
        fs::last_write_time(entry.path(), fs::file_time_type::clock::now() - age);
}

}  // namespace mlbilling::test
