#include "sandbox/control_call.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace mlbilling::sandbox {

namespace json = boost::json;

namespace {

constexpr std::size_t largest_body = 1 << 20;

}  // namespace

HttpResponse control_answer(const json::value& body) {
    HttpResponse response;
    response.content_type = "application/json";
    response.body = json::serialize(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

HttpResponse control_error(int status, const std::string& message) {
    auto response = control_answer(json::object{{"error", message}});
    response.status = status;
    return response;
}

Result<json::object> body_of(const HttpRequest& request) {
    if (request.body.empty()) return json::object();
    if (request.body.size() > largest_body) return Problem{"the body is longer than 1 MiB"};
    boost::system::error_code error;
    auto parsed = json::parse(request.body, error);
    if (error || !parsed.is_object()) return Problem{"the body is not a JSON object"};
    return std::move(parsed.get_object());
}

std::optional<std::string> string_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
}

std::optional<std::int64_t> number_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

std::optional<bool> flag_in(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_bool()) return std::nullopt;
    return value->get_bool();
}

std::optional<std::int64_t> number_from(const std::string& text) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return number;
}

}  // namespace mlbilling::sandbox
