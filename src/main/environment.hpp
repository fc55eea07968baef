#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mlbilling {

/// Names and values, as the process got them.
using Environment = std::map<std::string, std::string>;

/// See env_file.hpp; the variables that it names may be the process's.
Result<Environment> parse_env_file(std::string_view content);

struct FoundEnvironment {
    /// The process's variables over those of `.env`: real variables win (interface.md).
    Environment variables;
    /// The names in `.env`.
    std::set<std::string> in_file;
    /// Who can read `.env` and should not; nothing when all is well.
    std::vector<std::string> warnings;
};

/// The process's variables, those of `.env` in the working directory if there is one, and the
/// secrets in files that they name (secret_files.hpp). What cannot be read is a problem that names
/// it: a `.env` that is there and may not be read, is no file, or is above 64 KiB.
Result<FoundEnvironment> read_environment();

}  // namespace mlbilling
