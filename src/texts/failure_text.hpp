#pragma once

#include <string>

#include "domain/failure.hpp"
#include "domain/user.hpp"

namespace mlbilling {

/// Why a piece of work came to nothing, for the user who asked for it: one or two sentences that
/// say that it was not charged (Money rule 1). Used by the bot and in the `message` of queue
/// replies.
std::string failure_text(Language language, FailureReason reason);

}  // namespace mlbilling
