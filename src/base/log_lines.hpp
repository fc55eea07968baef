#pragma once

#include <cstdint>

#include "base/log.hpp"

namespace mlbilling::log {

/// How many lines of the level this process has been asked to write, shown or not. Any thread.
std::uint64_t lines(Level level);

}  // namespace mlbilling::log
