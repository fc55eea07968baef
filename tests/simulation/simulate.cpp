// The simulation as a program: simulate [--seed N] [--runs N] [--mutant NAME] [--seconds N]
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "base/log.hpp"
#include "simulation/simulation.hpp"

namespace {

using namespace mlbilling;
using namespace mlbilling::simulation;

struct Wish {
    std::uint64_t seed = 1;
    std::uint64_t runs = 100;
    int seconds = 0;
    Mutant mutant = Mutant::none;
    bool understood = true;
};

Wish read(int argc, char** argv) {
    Wish wish;
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        const std::string value = i + 1 < argc ? argv[i + 1] : "";
        if (name == "--seed")
            wish.seed = std::stoull(value);
        else if (name == "--runs")
            wish.runs = std::stoull(value);
        else if (name == "--seconds")
            wish.seconds = std::stoi(value);
        else if (name == "--mutant" && parse_mutant(value))
            wish.mutant = *parse_mutant(value);
        else
            wish.understood = false;
    }
    return wish;
}

struct Totals {
    std::int64_t port_calls = 0;
    std::int64_t tasks = 0;
    std::int64_t crashes = 0;
    std::int64_t faults = 0;
    std::int64_t virtual_ms = 0;
    std::uint64_t runs = 0;
    std::uint64_t failing = 0;
};

void add(Totals& totals, const RunReport& report) {
    ++totals.runs;
    totals.port_calls += report.port_calls;
    totals.tasks += report.tasks;
    totals.crashes += report.crashes;
    totals.faults += report.faults;
    totals.virtual_ms += report.virtual_time.count();
    if (report.complaints.empty()) return;
    ++totals.failing;
    std::printf("FAILING SEED %llu\n", static_cast<unsigned long long>(report.seed));
    for (const auto& complaint : report.complaints) std::printf("  %s\n", complaint.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    const Wish wish = read(argc, argv);
    if (!wish.understood) {
        std::fprintf(stderr,
                     "usage: simulate [--seed N] [--runs N] [--seconds N] [--mutant NAME]\n");
        return 2;
    }
    log::configure(log::Level::error, log::Format::text);
    const auto started = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    };
    Totals totals;
    for (std::uint64_t run = 0; run < wish.runs; ++run) {
        add(totals, simulate(wish.seed + run, wish.mutant));
        if (wish.seconds > 0 && elapsed() > wish.seconds) break;
    }
    std::printf(
        "mutant %s: %llu seeds from %llu, %llu failing; %lld tasks, %lld port calls, %lld crashes, "
        "%lld other faults, %.1f virtual hours in %.1f s (%.0f tasks/s)\n",
        std::string(to_string(wish.mutant)).c_str(), static_cast<unsigned long long>(totals.runs),
        static_cast<unsigned long long>(wish.seed), static_cast<unsigned long long>(totals.failing),
        static_cast<long long>(totals.tasks), static_cast<long long>(totals.port_calls),
        static_cast<long long>(totals.crashes), static_cast<long long>(totals.faults),
        static_cast<double>(totals.virtual_ms) / 3.6e6, elapsed(),
        static_cast<double>(totals.tasks) / elapsed());
    return totals.failing == 0 ? 0 : 1;
}
