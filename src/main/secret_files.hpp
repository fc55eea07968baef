#pragma once

#include <optional>

#include "base/result.hpp"
#include "main/environment.hpp"

namespace mlbilling {

/// Puts what the file says that `NAME_FILE` names in the place of `NAME`, for every secret, without
/// its last line end. A problem names the variable: both are set, or the file cannot be read or is
/// empty.
std::optional<Problem> read_secret_files(Environment& environment);

}  // namespace mlbilling
