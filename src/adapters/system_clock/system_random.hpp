#pragma once

#include "ports/random.hpp"

namespace mlbilling {

/// The kernel's random numbers, fit for secrets. May be used from any thread.
class SystemRandom final : public Random {
  public:
    std::uint64_t next() override;
};

}  // namespace mlbilling
