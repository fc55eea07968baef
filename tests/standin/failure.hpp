#pragma once

#include <string>
#include <string_view>

#include "adapters/http_server/http_message.hpp"
#include "standin/endpoint.hpp"

namespace mlbilling::standin {

/// What went wrong, as gRPC sorts it (yandex.md 1.5).
enum class Trouble {
    invalid_argument,
    deadline_exceeded,
    not_found,
    permission_denied,
    resource_exhausted,
    unimplemented,
    internal,
    unavailable,
    unauthenticated
};

/// The answer in the shape of the endpoint's family: `error_code` for v1, a gateway's `error` for
/// v3, `code` for IAM and operations (yandex.md 1.4, 2.5), OpenAI's `error` for the rest.
HttpResponse failure(Endpoint endpoint, Trouble trouble, std::string_view message);

/// A gateway's error as one line of a stream whose status was 200.
std::string error_line(Trouble trouble, std::string_view message);

/// OpenAI's error with the fields that clients look at.
HttpResponse openai_failure(int status, std::string_view message, std::string_view type,
                            std::string_view param, std::string_view code);

/// A JSON answer with status 200.
HttpResponse json_answer(std::string body);

}  // namespace mlbilling::standin
