#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

/// One call of the control API that answers at once.
struct ControlCall {
    const HttpRequest& request;
    /// The second part of paths like `chats/1001/press`, else empty.
    std::string id;
    Time now;
};

HttpResponse control_answer(const boost::json::value& body);
/// `{"error": message}`.
HttpResponse control_error(int status, const std::string& message);

/// The body as a JSON object, at most 1 MiB; an empty body is an empty object.
Result<boost::json::object> body_of(const HttpRequest& request);

// Fields of such an object; nothing when the field is absent, null or of another type.
std::optional<std::string> string_in(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> number_in(const boost::json::object& object, std::string_view name);
std::optional<bool> flag_in(const boost::json::object& object, std::string_view name);

/// A decimal number, whole and nothing else.
std::optional<std::int64_t> number_from(const std::string& text);

}  // namespace mlbilling::sandbox
