#pragma once

namespace mlbilling {

/// Ends the process with the place and the broken promise on stderr. Called by CHECK only.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace mlbilling

/// States a promise of our own code; a broken one ends the process, in production too. Never used
/// for bad input or for an outside thing that is down.
#define CHECK(expression)                                 \
    (static_cast<bool>(expression) ? static_cast<void>(0) \
                                   : ::mlbilling::check_failed(#expression, __FILE__, __LINE__))
