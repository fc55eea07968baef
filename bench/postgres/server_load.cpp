#include "server_load.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace mlbilling::bench {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
    return std::chrono::duration<double>(Steady::now() - start).count();
}

struct Close {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

/// What the command writes to its standard output.
std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "r"));
    if (!pipe) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 4096> part{};
    while (const auto length = std::fread(part.data(), 1, part.size(), pipe.get()))
        output.append(part.data(), length);
    return output;
}

/// Words of /proc/<process>/stat from the third on: behind the name, which may hold anything.
std::vector<std::string> stat_of(const std::string& process) {
    std::ifstream file("/proc/" + process + "/stat");
    std::string text(std::istreambuf_iterator<char>(file), {});
    const auto end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return {};
    std::istringstream words(text.substr(end_of_name + 1));
    return {std::istream_iterator<std::string>(words), {}};
}

}  // namespace

double syncs_per_second(const fs::path& directory, double seconds) {
    const auto path = directory / "sync";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("cannot write in " + directory.string());
    const std::string page(4096, 'x');
    const auto start = Steady::now();
    int syncs = 0;
    while (seconds_since(start) < seconds) {
        if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) break;
        ++syncs;
    }
    const double elapsed = seconds_since(start);
    ::close(file);
    fs::remove(path);
    return syncs / elapsed;
}

double pgbench_rate(test::PostgresServer& server, int clients, int seconds) {
    const test::PostgresDatabase database(server);
    const auto run = [&](const std::string& options) {
        return output_of("pgbench " + options + " '" + database.url() + "' 2>/dev/null");
    };
    run("-i -q -s 10");
    const auto report =
        run("-N -c " + std::to_string(clients) + " -j 2 -T " + std::to_string(seconds));
    const auto rate = report.find("tps = ");
    if (rate == std::string::npos) throw std::runtime_error("pgbench gives no rate");
    return std::stod(report.substr(rate + 6));
}

double server_seconds(const test::PostgresServer& server) {
    const auto postmaster =
        server.value("postgres", "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
    constexpr std::size_t parent = 1;
    constexpr std::size_t own_time = 11;       // user, system
    constexpr std::size_t children_time = 13;  // of those that have ended
    double ticks = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto process = entry.path().filename().string();
        if (process.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto words = stat_of(process);
        if (words.size() < children_time + 2) continue;
        if (process == postmaster)
            ticks += std::stod(words[children_time]) + std::stod(words[children_time + 1]);
        if (process == postmaster || words[parent] == postmaster)
            ticks += std::stod(words[own_time]) + std::stod(words[own_time + 1]);
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double own_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace mlbilling::bench
