#pragma once

#include <string>

#include "base/result.hpp"

namespace mlbilling::sandbox {

/// What a Bot API method answers (telegram.md 1.1).
struct Answer {
    int status = 200;
    /// The whole JSON object.
    std::string body;
    /// Seconds for the Retry-After header, or 0.
    int retry_after = 0;
};

/// `result` is a JSON value.
Answer success(const std::string& result);
Answer failure(int status, const std::string& description);
Answer too_many_requests(int retry_after, const std::string& description);

/// A value, or the answer that refuses the call.
template <class Value>
using OrRefusal = Result<Value, Answer>;

inline Answer bad_request(const std::string& reason) {
    return failure(400, "Bad Request: " + reason);
}

}  // namespace mlbilling::sandbox
