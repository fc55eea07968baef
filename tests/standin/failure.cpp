#include "standin/failure.hpp"

#include <boost/json.hpp>

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

struct Status {
    int http = 0;
    int grpc = 0;
    std::string_view http_text;
    /// `error_code` of v1. Only BAD_REQUEST and UNAUTHORIZED were ever seen (yandex.md 1.4).
    std::string_view v1_code;
    std::string_view openai_type;
};

Status status_of(Trouble trouble) {
    switch (trouble) {
        case Trouble::invalid_argument:
            return {400, 3, "Bad Request", "BAD_REQUEST", "invalid_request_error"};
        case Trouble::deadline_exceeded:
            return {504, 4, "Gateway Timeout", "GATEWAY_TIMEOUT", "server_error"};
        case Trouble::not_found: return {404, 5, "Not Found", "NOT_FOUND", "invalid_request_error"};
        case Trouble::permission_denied:
            return {403, 7, "Forbidden", "FORBIDDEN", "invalid_request_error"};
        case Trouble::resource_exhausted:
            return {429, 8, "Too Many Requests", "TOO_MANY_REQUESTS", "requests"};
        case Trouble::unimplemented:
            return {501, 12, "Not Implemented", "NOT_IMPLEMENTED", "server_error"};
        case Trouble::internal:
            return {500, 13, "Internal Server Error", "INTERNAL_SERVER_ERROR", "server_error"};
        case Trouble::unavailable:
            return {503, 14, "Service Unavailable", "SERVICE_UNAVAILABLE", "server_error"};
        case Trouble::unauthenticated:
            return {401, 16, "Unauthorized", "UNAUTHORIZED", "invalid_request_error"};
    }
    return {500, 13, "Internal Server Error", "INTERNAL_SERVER_ERROR", "server_error"};
}

json::value gateway_error(const Status& status, std::string_view message) {
    return {{"error",
             {{"grpcCode", status.grpc},
              {"httpCode", status.http},
              {"message", message},
              {"httpStatus", status.http_text},
              {"details", json::array()}}}};
}

json::value body_of(Endpoint endpoint, const Status& status, std::string_view message) {
    switch (endpoint) {
        case Endpoint::synthesis_v1:
        case Endpoint::recognition_v1:
            return {{"error_code", status.v1_code}, {"error_message", message}};
        case Endpoint::operation:
        case Endpoint::token:
        case Endpoint::metadata:
            return {{"code", status.grpc}, {"message", message}, {"details", json::array()}};
        default: return gateway_error(status, message);
    }
}

std::string_view openai_code(Trouble trouble) {
    if (trouble == Trouble::unauthenticated) return "invalid_api_key";
    if (trouble == Trouble::resource_exhausted) return "rate_limit_exceeded";
    return "";
}

bool is_openai(Endpoint endpoint) {
    return endpoint == Endpoint::openai_speech || endpoint == Endpoint::openai_transcription ||
           endpoint == Endpoint::openai_models;
}

}  // namespace

HttpResponse json_answer(std::string body) {
    HttpResponse response;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

HttpResponse failure(Endpoint endpoint, Trouble trouble, std::string_view message) {
    const auto status = status_of(trouble);
    if (is_openai(endpoint))
        return openai_failure(status.http, message, status.openai_type, "", openai_code(trouble));
    auto response = json_answer(json::serialize(body_of(endpoint, status, message)));
    response.status = status.http;
    return response;
}

std::string error_line(Trouble trouble, std::string_view message) {
    return json::serialize(gateway_error(status_of(trouble), message)) + "\n";
}

HttpResponse openai_failure(int status, std::string_view message, std::string_view type,
                            std::string_view param, std::string_view code) {
    const auto or_null = [](std::string_view text) {
        return text.empty() ? json::value() : json::value(text);
    };
    const json::value body{{"error",
                            {{"message", message},
                             {"type", type},
                             {"param", or_null(param)},
                             {"code", or_null(code)}}}};
    auto response = json_answer(json::serialize(body));
    response.status = status;
    return response;
}

}  // namespace mlbilling::standin
