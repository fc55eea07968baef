#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// One request, read whole before its handler starts. Every byte of it comes from a stranger.
struct HttpRequest {
    /// As it was sent, e.g. `POST`; but `GET` for a HEAD, whose answer the server sends without its
    /// body (RFC 9110 9.3.2).
    std::string method;
    /// As it was sent, with the query. Whoever must agree with a proxy in front about what a path
    /// is compares this one.
    std::string target;
    /// Percent-decoded, without the query; begins with a slash and holds no NUL.
    std::string path;
    /// Percent-decoded; the last of two with one name wins.
    std::map<std::string, std::string> query;
    /// Names in lower case; values of repeated headers are joined by a comma.
    std::map<std::string, std::string> headers;
    std::string body;
    /// Address and port of the client, e.g. `127.0.0.1:40312`.
    std::string peer;

    /// The target without its query, not decoded.
    std::string_view raw_path() const {
        return std::string_view(target).substr(0, target.find('?'));
    }
    /// The header's value, or empty.
    std::string header(const std::string& lower_case_name) const {
        const auto found = headers.find(lower_case_name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// What a handler answers.
struct HttpResponse {
    /// What becomes of the connection. The last two exist for the sandbox, which breaks things on
    /// purpose.
    enum class Connection {
        keep,                ///< as the client likes
        close,               ///< closed after the answer
        drop_before_answer,  ///< closed without a byte
        drop_in_the_middle   ///< closed after the head and half of the body
    };

    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    /// Further headers; control characters in values become spaces.
    std::vector<std::pair<std::string, std::string>> headers;
    Connection connection = Connection::keep;
    /// How long the answer stops after its head and half of the body; for stand-ins in tests.
    Duration pause_in_the_middle{};
};

/// Called once for each request, on the server's loop. It is cancelled when its client goes away;
/// an exception becomes an answer 500 without detail and one line in the log.
using HttpHandler = std::function<Async<HttpResponse>(HttpRequest)>;

/// What becomes of a request of which the head is known and nothing else was read.
struct HttpAdmission {
    /// The answer, where it goes no further.
    std::optional<HttpResponse> refusal;
    /// Bytes of a body that may come; beyond it, or beyond HttpLimits::max_body, 413.
    std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();

    static HttpAdmission refuse(HttpResponse answer) { return {std::move(answer), 0}; }
};

/// Called once for each request before its body is read; the body of what it sees is empty. An
/// exception becomes an answer 500 without detail and one line in the log.
using HttpGate = std::function<HttpAdmission(const HttpRequest& head)>;

/// A plain-text answer of one line.
inline HttpResponse plain_answer(int status, std::string line) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(line) + "\n";
    return response;
}

}  // namespace mlbilling
