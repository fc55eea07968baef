#pragma once

#include <cstdint>
#include <random>
#include <string_view>

#include "base/time.hpp"
#include "ports/random.hpp"

namespace mlbilling::simulation {

/// How much goes wrong in one run; every rate is itself drawn from the seed, so that some runs know
/// only one kind of fault (swarm testing, reliability.md 5.2). In tenths of a percent of port
/// calls.
struct FaultRates {
    int crash = 0;
    int unavailable_before = 0;
    int unavailable_after = 0;
    int telegram_not_sent = 0;
    int telegram_ambiguous = 0;
    int telegram_busy = 0;
    int provider_failure = 0;
    int provider_slow = 0;
    int broker_duplicate = 0;
    int broker_reorder = 0;
    int broker_wipe = 0;
    int update_repeated = 0;
    /// The process stands still for longer than a lease, and then goes on as if nothing had
    /// happened.
    int pause = 0;
    /// Another producer takes the name of a user's next message.
    int name_taken = 0;
    Duration longest_delay{50};
};

/// The only chance of a world, and a hash over all that happened in it.
class Dice final : public Random {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t next() override { return engine_(); }
    /// Uniform in [low, high].
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low +
               static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool one_in_thousand(int times) { return between(0, 999) < times; }

    void note(std::string_view what, std::int64_t value = 0) {
        for (const char c : what) mix(static_cast<std::uint8_t>(c));
        mix(static_cast<std::uint64_t>(value));
    }
    std::uint64_t trace() const { return trace_; }

  private:
    void mix(std::uint64_t value) { trace_ = (trace_ ^ value) * 1'099'511'628'211ULL; }

    std::mt19937_64 engine_;
    std::uint64_t trace_ = 1'469'598'103'934'665'603ULL;
};

/// Rates for one seed: each kind of fault is off in about half of the runs.
inline FaultRates draw_rates(Dice& dice) {
    const auto rate = [&dice](int highest) {
        const bool off = dice.between(0, 1) == 0;
        const auto drawn = static_cast<int>(dice.between(1, highest));
        return off ? 0 : drawn;
    };
    FaultRates rates;
    rates.crash = rate(15);
    rates.unavailable_before = rate(40);
    rates.unavailable_after = rate(40);
    rates.telegram_not_sent = rate(80);
    rates.telegram_ambiguous = rate(350);
    rates.telegram_busy = rate(80);
    rates.provider_failure = rate(250);
    rates.provider_slow = rate(250);
    rates.broker_duplicate = rate(150);
    rates.broker_reorder = rate(150);
    rates.broker_wipe = rate(15);
    rates.update_repeated = rate(80);
    rates.pause = rate(40);
    rates.name_taken = rate(400);
    rates.longest_delay = Duration(dice.between(1, 300));
    return rates;
}

}  // namespace mlbilling::simulation
