#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace mlbilling::simulation {
namespace {

/// Enough for each mutant to be caught several times over; figures in README.md.
constexpr std::uint64_t seeds_for_a_mutant = 100;

class Simulation : public testing::Test {
  protected:
    void SetUp() override { log::configure(log::Level::error, log::Format::text); }
};

TEST_F(Simulation, TheServiceKeepsItsPromisesThroughChaos) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const auto report = simulate(seed, Mutant::none);
        for (const auto& complaint : report.complaints)
            ADD_FAILURE() << "seed " << seed << ": " << complaint;
    }
}

TEST_F(Simulation, TheSameSeedGivesTheSameTrace) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto first = simulate(seed, Mutant::none);
        const auto second = simulate(seed, Mutant::none);
        EXPECT_EQ(first.trace, second.trace) << "seed " << seed;
        EXPECT_EQ(first.port_calls, second.port_calls);
    }
    EXPECT_NE(simulate(1, Mutant::none).trace, simulate(2, Mutant::none).trace);
}

class Mutants : public testing::TestWithParam<Mutant> {
  protected:
    void SetUp() override { log::configure(log::Level::error, log::Format::text); }
};

TEST_P(Mutants, IsCaught) {
    for (std::uint64_t seed = 1; seed <= seeds_for_a_mutant; ++seed) {
        const auto report = simulate(seed, GetParam());
        if (report.complaints.empty()) continue;
        std::printf("caught by seed %llu: %s\n", static_cast<unsigned long long>(seed),
                    report.complaints.front().c_str());
        return;
    }
    FAIL() << "not caught within " << seeds_for_a_mutant << " seeds";
}

INSTANTIATE_TEST_SUITE_P(EachSafeguard, Mutants, testing::ValuesIn(all_mutants()),
                         [](const auto& each) {
                             std::string name(to_string(each.param));
                             std::erase(name, '-');
                             return name;
                         });

}  // namespace
}  // namespace mlbilling::simulation
