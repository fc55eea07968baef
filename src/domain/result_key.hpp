#pragma once

#include <cstddef>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mlbilling {

/// Keys of results are paths of 1 to 8 parts of [A-Za-z0-9._-], none beginning with a dot, of 200
/// bytes at most: no such name leads out of the place where a store keeps them.
bool is_result_key(const ResultKey& key);

/// Where a worker keeps a part of a task's voice: `2026-11-26-14/<task>-<epoch>-<part>.ogg`, by the
/// hour (of UTC) in which the attempt began. Results of one hour share a directory, and it ages as
/// one; the epoch keeps an attempt from another's results.
ResultKey key_of_voice(const TaskId& task, Epoch epoch, Time begun, std::size_t part);

}  // namespace mlbilling
