#pragma once

#include <optional>
#include <string_view>

namespace mlbilling {

/// Why a task ended without a charge, or is tried again; each has a text for the user.
enum class FailureReason {
    none,
    nothing_to_say,  ///< no letter or digit in the text
    silence,         ///< nobody speaks in the recording, or the provider heard nothing
    not_audio,
    damaged_audio,
    too_long,
    too_large,
    file_unavailable,      ///< Telegram does not give the file (any more)
    unsupported_language,  ///< no provider understands this language
    provider_refused,      ///< this input will never work
    too_short,             ///< the provider reads nothing so short
    not_spoken,            ///< the provider made silence of the text
    provider_failed,       ///< attempts, retry budget or deadline used up
    insufficient_credits,  ///< the measured price is above the claimed one and not covered
    price_above_limit,     ///< the measured price needs the user's yes first
    expired,
    cancelled
};

std::string_view to_string(FailureReason reason);
std::optional<FailureReason> parse_failure_reason(std::string_view name);

}  // namespace mlbilling
