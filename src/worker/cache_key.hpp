#pragma once

#include <string>
#include <string_view>

#include "ports/store/records.hpp"

namespace mlbilling {

/// Under which the result of a task answers the same request again: everything that shapes the
/// result, hashed with SHA-256 so that the cache holds no text. Empty where two requests cannot be
/// told to be the same: a recording without file_unique_id.
std::string cache_key(TaskType type, const Payload& payload, std::string_view provider);

}  // namespace mlbilling
