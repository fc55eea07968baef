#include "sandbox/fault_answers.hpp"

#include "sandbox/answer.hpp"

namespace mlbilling::sandbox {
namespace {

using Kind = Fault::Kind;
using Connection = HttpResponse::Connection;

/// How long "no answer" is kept up where the fault names no time; every client gives up before.
constexpr auto long_silence = std::chrono::minutes(10);
constexpr auto usual_stall = std::chrono::seconds(10);

/// As nginx words it; real clients must not take it for JSON (telegram.md 2).
constexpr std::string_view gateway_page =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
    "Gateway</h1>"
    "</center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n";

std::string description_of(const Fault& fault) {
    if (!fault.description.empty()) return fault.description;
    switch (fault.kind) {
        case Kind::too_many_requests:
            return "Too Many Requests: retry after " + std::to_string(fault.retry_after);
        case Kind::forbidden: return "Forbidden: bot was blocked by the user";
        case Kind::bad_request: return "Bad Request: chat not found";
        default: return "Internal Server Error: restart";
    }
}

Answer refusal_of(const Fault& fault) {
    const auto description = description_of(fault);
    switch (fault.kind) {
        case Kind::too_many_requests: return too_many_requests(fault.retry_after, description);
        case Kind::forbidden: return failure(403, description);
        case Kind::bad_request: return failure(400, description);
        default: return failure(500, description);
    }
}

}  // namespace

Async<HttpResponse> instead_of_answer(Fault fault, Clock* clock) {
    HttpResponse response;
    response.content_type = "application/json";
    const bool silent = fault.kind == Kind::timeout;
    const Duration usual = silent ? Duration(long_silence) : Duration(0);
    const auto delay = fault.delay > Duration(0) ? fault.delay : usual;
    if (delay > Duration(0)) co_await clock->sleep(delay);
    if (silent || fault.kind == Kind::drop_before) {
        response.connection = Connection::drop_before_answer;
    } else if (fault.kind == Kind::bad_gateway) {
        response.status = 502;
        response.content_type = "text/html";
        response.body = gateway_page;
    } else {
        const auto refusal = refusal_of(fault);
        response.status = refusal.status;
        response.body = refusal.body;
        const auto seconds = std::to_string(refusal.retry_after);
        if (refusal.retry_after > 0) response.headers.emplace_back("Retry-After", seconds);
    }
    co_return response;
}

Async<HttpResponse> instead_of(Fault fault, HttpResponse answer, Clock* clock) {
    const Duration usual = fault.kind == Kind::stall ? Duration(usual_stall) : Duration(0);
    const auto delay = fault.delay > Duration(0) ? fault.delay : usual;
    if (delay > Duration(0)) co_await clock->sleep(delay);
    if (fault.kind == Kind::drop_after) answer.connection = Connection::drop_before_answer;
    if (fault.kind == Kind::truncate) answer.connection = Connection::drop_in_the_middle;
    co_return answer;
}

}  // namespace mlbilling::sandbox
