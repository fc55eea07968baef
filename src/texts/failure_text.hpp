#pragma once

#include <string>

#include "domain/failure.hpp"
#include "domain/user.hpp"

namespace mlbilling {

/// Why nothing came of a task, in words for the user; plain text, one or two sentences.
std::string failure_text(Language language, FailureReason reason);

}  // namespace mlbilling
