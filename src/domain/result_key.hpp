#pragma once

#include "base/ids.hpp"

namespace mlbilling {

/// Keys of results are paths of 1 to 8 parts of [A-Za-z0-9._-], none beginning with a dot, of 200
/// bytes at most: no such name leads out of the place where a store keeps them.
bool is_result_key(const ResultKey& key);

}  // namespace mlbilling
