#pragma once

#include "adapters/http_client/http_call.hpp"
#include "base/time.hpp"

namespace mlbilling {

/// The pause that an answer of 429 or 503 asks for, at most five minutes: its Retry-After in
/// seconds or as a moment (RFC 9110, section 10.2.3). Nothing where it asks for none, or cannot be
/// read.
Duration pause_asked_for(const HttpAnswer& answer, Time now);

}  // namespace mlbilling
