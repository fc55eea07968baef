#pragma once

#include <chrono>

namespace mlbilling {

/// The one unit of spans: whole milliseconds.
using Duration = std::chrono::milliseconds;
/// A moment of UTC to the millisecond. Read from the Clock port only.
using Time = std::chrono::sys_time<Duration>;

}  // namespace mlbilling
