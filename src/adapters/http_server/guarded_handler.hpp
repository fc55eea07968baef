#pragma once

#include "adapters/http_server/http_message.hpp"

namespace mlbilling {

/// The handler's answer; its exception becomes an answer 500 without detail and one line in the
/// log. Cancelling passes through.
Async<HttpResponse> guarded(HttpHandler handler, HttpRequest request);

/// What the gate says, or that all may pass where there is none; its exception becomes the refusal.
HttpAdmission guarded(const HttpGate& gate, const HttpRequest& head);

}  // namespace mlbilling
