#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace mlbilling {

enum class HttpMethod { get, head, post, put, remove };

/// One part of a multipart/form-data body. A part with a file name is a file.
struct HttpPart {
    std::string name;
    std::string bytes;
    std::string file_name;
    std::string mime_type;
};

/// The names of headers know no case, and are ASCII.
std::string lower_case(std::string_view name);

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Who signs a request by AWS Signature Version 4, and for what.
struct AwsSigning {
    std::string region;
    /// E.g. `s3`.
    std::string service;
    std::string access_key_id;
    std::string secret_access_key;
};

/// One request. Redirects are never followed.
struct HttpCall {
    HttpMethod method = HttpMethod::get;
    /// http:// or https:// only. May hold a secret; it is never repeated in an error.
    std::string url;
    /// Neither names nor values may hold a line break or a zero byte.
    HttpHeaders headers;
    std::string body;
    /// Signs host, date, path, query and all of `headers`. The query must stand in its canonical
    /// form, sorted and encoded as AWS does it; a body needs a Content-Type.
    std::optional<AwsSigning> aws_signing;
    /// When there are any, the body is multipart/form-data made of them and `body` is not used.
    std::vector<HttpPart> parts;
    /// Whether the server may see the request twice without harm. Only then is a request that died
    /// on a kept-alive connection sent again on a fresh one (libcurl would do it for all of them).
    bool repeatable = false;
    /// Opens a connection instead of taking one that is kept alive: for use after a failure.
    bool fresh_connection = false;
    Duration connect_deadline{10'000};
    /// For everything, from the name's look-up to the last byte; more than zero.
    Duration deadline{20'000};
    /// Gives up when not one byte per second moved for that long, waiting for the answer included;
    /// zero for never. In whole seconds.
    Duration stall_deadline{};
    /// Bytes of body after unpacking.
    std::size_t largest_response = std::size_t{1} << 20;
};

/// What a server answered, whatever its status.
struct HttpAnswer {
    int status = 0;
    /// Names are in lower case.
    HttpHeaders headers;
    std::string body;

    /// The last header of that lower-case name, or nothing at all.
    std::string_view header(std::string_view name) const;
};

/// Why there is no answer.
struct HttpFailure {
    enum class Kind {
        not_sent,   ///< the server never had the whole request: safe to repeat
        ambiguous,  ///< it was written; the server may have acted on it
        too_large   ///< the answer is larger than `largest_response`
    };
    Kind kind = Kind::ambiguous;
    /// For the operator. Never holds the URL, a header or a body.
    std::string detail;
};

using HttpResult = Result<HttpAnswer, HttpFailure>;

}  // namespace mlbilling
