#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mlbilling {

/// Names and values, as the process got them.
using Environment = std::map<std::string, std::string>;

/// Reads lines `NAME=value` (blank lines, `# comments`, `export ` and quotes allowed). The problem
/// names the line.
Result<Environment> parse_env_file(std::string_view content);

/// The process's variables over those of `.env` in the working directory, if there is one: real
/// variables win (interface.md, Configuration). A `.env` above 64 KiB is refused.
Result<Environment> read_environment();

}  // namespace mlbilling
