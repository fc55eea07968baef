#pragma once

#include <string>
#include <vector>

#include "main/environment.hpp"

namespace mlbilling {

/// Every text of the environment that nobody may see: tokens and keys as they are, of addresses the
/// user's password, also as HTTP's Basic authentication writes it. A password that is the user's
/// name as well is none, as names are shown.
std::vector<std::string> secrets_in(const Environment& environment);

/// Has them hidden in the log, in errors and in what doctor says (redaction.hpp).
void redact_secrets(const Environment& environment);

}  // namespace mlbilling
