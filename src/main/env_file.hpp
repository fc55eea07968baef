#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "main/environment.hpp"

namespace mlbilling {

/// The value of a variable outside of the file, if it has one.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads a `.env` as Docker Compose does (docs.docker.com/compose/how-tos/environment-variables/
/// variable-interpolation, Env-file syntax): `NAME=value` or `NAME: value`, `export`, comments,
/// single and double quotes, values of several lines, `$NAME` and `${NAME:-default}` outside of
/// single quotes, a byte order mark, any line ends. What Compose would read as something else than
/// what is written, such as an unset variable as nothing, is a problem. A problem names the line
/// and never quotes it.
Result<Environment> parse_env_file(std::string_view content, const Lookup& outside);

}  // namespace mlbilling
