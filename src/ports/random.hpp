#pragma once

#include <cstdint>

namespace mlbilling {

/// The only source of chance: jitter, and names that must not collide.
class Random {
  public:
    virtual ~Random() = default;

    /// 64 uniform bits.
    virtual std::uint64_t next() = 0;
};

}  // namespace mlbilling
