#pragma once

#include <cstdint>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "standin/endpoint.hpp"

namespace mlbilling::standin {

/// One call on its way through the stand-in.
struct Call {
    HttpRequest request;
    Endpoint endpoint{};
    /// Told to hear nothing and to say nothing.
    bool silent = false;
    /// Told that the operation which begins here shall fail.
    bool fails_later = false;

    // What its handler says about it, for the record.

    /// Whether the real provider would bill it.
    bool paid = false;
    /// Hash of the text or of the audio: two calls with one fingerprint did the same work.
    std::string fingerprint;
    /// The text's beginning, or the length of the audio.
    std::string summary;

    std::string query(const std::string& name) const {
        const auto found = request.query.find(name);
        return found == request.query.end() ? std::string() : found->second;
    }
};

}  // namespace mlbilling::standin
