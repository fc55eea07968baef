#pragma once

#include <boost/json/fwd.hpp>

#include "adapters/http_client/http_call.hpp"
#include "ports/telegram.hpp"

namespace mlbilling::telegram {

/// The `result` of the Bot API's envelope, or the error that the answer tells of (telegram.md 1.1).
/// Whatever the body is made of (a proxy's HTML, half of a JSON text, nesting without end), it is
/// one of the two.
Outcome<boost::json::value> read_reply(const HttpAnswer& response);

/// The same for updates, of which one may be no JSON: what says that all is well and cannot be read
/// is unreadable, with the id of its first update if that can be made out.
Outcome<boost::json::value> read_poll_reply(const HttpAnswer& response);

/// The same for a request without an answer, or with one that is too large to be a true one.
Error error_for(const HttpFailure& failure);

/// The error for a call that succeeded but whose result cannot be read: it may well have happened.
Error unreadable(std::string_view what);

}  // namespace mlbilling::telegram
