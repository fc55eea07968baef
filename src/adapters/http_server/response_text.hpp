#pragma once

#include <string>
#include <string_view>

#include "adapters/http_server/http_message.hpp"

namespace mlbilling {

/// The status line's words (RFC 9110 15), for those that are used here; else empty, as they may be.
std::string_view reason_of(int status);

/// Status line, headers and the empty line behind them (RFC 9112 4). Control characters in headers
/// become spaces: a handler may pass on what a stranger sent, and a line break in it must not begin
/// a header of its own.
std::string head_text(const HttpResponse& response, bool keep_alive);

}  // namespace mlbilling
