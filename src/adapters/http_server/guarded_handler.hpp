#pragma once

#include "adapters/http_server/http_message.hpp"

namespace mlbilling {

/// The handler's answer; its exception becomes an answer 500 without detail and one line in the
/// log. Cancelling passes through.
Async<HttpResponse> guarded(HttpHandler handler, HttpRequest request);

/// A handler may pass on in a header what a stranger sent: control characters become spaces, so
/// that a line break in it never begins a header of its own.
std::string harmless_header(std::string value);

}  // namespace mlbilling
