#pragma once

#include <random>

#include "ports/random.hpp"

namespace mlbilling::test {

/// The same seed gives the same numbers on every machine.
class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t next() override { return engine_(); }

  private:
    std::mt19937_64 engine_;
};

}  // namespace mlbilling::test
