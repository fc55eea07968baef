#pragma once

#include <string>

#include "ports/store/work.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// Of work that is to be done at that price, with no result yet. Never above the hold.
Completion completion_of_work(const Attempt& attempt, Units measured, Credits price,
                              std::string cache_key);

/// Settles with an earlier task's result at the cached price (design.md, Money rules). `full`
/// is the price of the measured units; `provider` is who would have been called.
Completion completion_from_cache(Attempt& attempt, Units measured, Credits full, TaskResult result,
                                 std::string provider);

}  // namespace mlbilling
