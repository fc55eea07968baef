#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "sandbox/parameters.hpp"

namespace mlbilling::sandbox {

/// One call of a Bot API method.
struct Call {
    /// The number before the colon of the token.
    std::int64_t bot = 0;
    Time now;
    Parameters parameters;
};

}  // namespace mlbilling::sandbox
