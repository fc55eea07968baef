#include "adapters/yandex/failures.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/yandex/json_stream.hpp"
#include "base/redaction.hpp"
#include "domain/text.hpp"

namespace mlbilling::yandex {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

namespace {

constexpr std::size_t longest_message = 200;
constexpr std::size_t longest_id = 64;

Kind kind_of_status(int status) {
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 405:
        case 501: return Kind::misconfigured;
        case 408:
        case 429: return Kind::busy;
        default: break;
    }
    if (status >= 500) return Kind::down;
    // A redirect would lead to another host than was configured.
    return status >= 400 ? Kind::refused : Kind::misconfigured;
}

/// https://grpc.io/docs/guides/status-codes.
Kind kind_of_code(std::int64_t code) {
    switch (code) {
        case 3:
        case 9:
        case 11: return Kind::refused;
        case 8: return Kind::busy;
        case 7:
        case 12:
        case 16: return Kind::misconfigured;
        default: return Kind::down;
    }
}

/// v1's `{error_code, error_message}`, v3's `{error: {grpcCode, message}}`, and IAM's and the
/// operations' `{code, message}`.
std::string message_of(const json::object& body) {
    if (const auto* error = object_in(body, "error")) return message_of(*error);
    std::string message(text_in(body, "error_code"));
    for (const auto* name : {"error_message", "message"}) {
        const auto text = text_in(body, name);
        if (text.empty()) continue;
        if (!message.empty()) message += ": ";
        message += text;
    }
    return message;
}

/// A server, or one between, may echo what it was sent; a secret that were cut first could not be
/// found any more.
std::string shown(const json::object& body) {
    return shortened(normalised(log::without_secrets(message_of(body))), longest_message);
}

void append_id(std::string& detail, const HttpAnswer& answer, std::string_view name) {
    const auto whole = log::without_secrets(answer.header(name));
    const auto id = normalised(std::string_view(whole).substr(0, longest_id));
    if (!id.empty()) detail += ", " + std::string(name) + ' ' + id;
}

}  // namespace

ProviderFailure failure_of(const HttpAnswer& answer) {
    auto detail = "HTTP " + std::to_string(answer.status);
    if (const auto body = parse_object(answer.body)) {
        const auto message = shown(*body);
        if (!message.empty()) detail += ": " + message;
    }
    append_id(detail, answer, "x-request-id");
    append_id(detail, answer, "x-server-trace-id");
    return {kind_of_status(answer.status), std::move(detail), {}};
}

std::optional<ProviderFailure> failure_in(const json::object& message) {
    const auto* error = object_in(message, "error");
    if (error == nullptr) return std::nullopt;
    const auto code = integer_in(*error, "grpcCode");
    const auto status = integer_in(*error, "httpCode");
    auto kind = Kind::down;
    if (code)
        kind = kind_of_code(*code);
    else if (status && *status >= 400 && *status < 600)
        kind = kind_of_status(static_cast<int>(*status));
    return ProviderFailure{kind, "in mid-stream: " + shown(*error), {}};
}

ProviderFailure failure_of_operation(const json::object& error) {
    const auto code = integer_in(error, "code").value_or(0);
    return {kind_of_code(code), "operation: " + shown(error), {}};
}

ProviderFailure out_of_quota(std::string_view quota, Duration wait, Duration work) {
    ProviderFailure failure{Kind::busy, "our quota of " + std::string(quota) + " is used up", {}};
    failure.retry_after = wait;
    failure.in_line = work;
    return failure;
}

ProviderFailure failure_of(const HttpFailure& failure) { return {Kind::down, failure.detail, {}}; }

}  // namespace mlbilling::yandex
