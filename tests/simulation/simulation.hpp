#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/mutants.hpp"

namespace mlbilling::simulation {

/// What became of one run.
struct RunReport {
    std::uint64_t seed = 0;
    /// Hash over everything that happened; the same seed gives the same.
    std::uint64_t trace = 0;
    /// Empty: the run was good.
    std::vector<std::string> complaints;
    std::int64_t port_calls = 0;
    int crashes = 0;
    int faults = 0;
    std::int64_t tasks = 0;
    Duration virtual_time{};
};

/// Runs the real bot, worker, upkeep and SQLite store through one seed's chaos and the calm after
/// it, and has the auditor judge.
RunReport simulate(std::uint64_t seed, Mutant mutant);

}  // namespace mlbilling::simulation
