#include "standin/fault_answers.hpp"

namespace mlbilling::standin {
namespace {

using Kind = Fault::Kind;
using Connection = HttpResponse::Connection;

HttpResponse too_many(const Fault& fault, Endpoint endpoint) {
    auto response =
        failure(endpoint, Trouble::resource_exhausted, "Quota limit exceeded. Try again later");
    if (fault.retry_after > 0)
        response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
    return response;
}

/// The first half of a stream's lines, then the error.
std::string broken_stream(const std::string& body) {
    const auto middle = body.rfind('\n', body.size() / 2);
    const auto whole_lines =
        middle == std::string::npos ? std::string() : body.substr(0, middle + 1);
    return whole_lines + error_line(Trouble::internal, "Internal error in the middle");
}

}  // namespace

HttpResponse instead_of_effect(const Fault& fault, Endpoint endpoint) {
    HttpResponse dropped;
    switch (fault.kind) {
        case Kind::unauthenticated:
            return failure(endpoint, Trouble::unauthenticated, "The token has expired");
        case Kind::forbidden:
            return failure(endpoint, Trouble::permission_denied, "Permission denied");
        case Kind::too_many: return too_many(fault, endpoint);
        case Kind::internal: return failure(endpoint, Trouble::internal, "Internal error");
        case Kind::unavailable:
            return failure(endpoint, Trouble::unavailable, "Service is unavailable");
        case Kind::gateway_timeout:
            return failure(endpoint, Trouble::deadline_exceeded, "Deadline exceeded");
        default: dropped.connection = Connection::drop_before_answer; return dropped;
    }
}

HttpResponse spoilt(const Fault& fault, HttpResponse answer) {
    switch (fault.kind) {
        case Kind::slow_body: answer.pause_in_the_middle = fault.delay; break;
        case Kind::truncated: answer.connection = Connection::drop_in_the_middle; break;
        case Kind::error_line: answer.body = broken_stream(answer.body); break;
        case Kind::empty: answer.body.clear(); break;
        case Kind::dropped_after: answer.connection = Connection::drop_before_answer; break;
        default: break;
    }
    return answer;
}

}  // namespace mlbilling::standin
