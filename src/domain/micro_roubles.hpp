#pragma once

#include <cstdint>

#include "base/strong.hpp"

namespace mlbilling {

/// What a provider asks of us, in millionths of a rouble with VAT. Never what a user pays: that is
/// Credits.
using MicroRoubles = Strong<struct MicroRoublesTag, std::int64_t>;

}  // namespace mlbilling
