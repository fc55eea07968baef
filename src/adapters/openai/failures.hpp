#pragma once

#include "adapters/http_client/http_call.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// What an answer other than 200 that came at that moment means (platform.openai.com, Error codes),
/// and the pause that it asks for. The detail names the status and the server's own code, never a
/// text of ours that the server repeats.
ProviderFailure failure_of(const HttpAnswer& answer, Time now);

/// What no answer at all means.
ProviderFailure failure_of(const HttpFailure& failure);

/// Whether the server refuses the asked response_format alone, so that another may do.
bool refuses_format(const HttpAnswer& answer);

}  // namespace mlbilling::openai
