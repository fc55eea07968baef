#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mlbilling::sandbox {

/// The letters A-Z a-z 0-9 - _ that stand for the bytes (RFC 4648 section 5, without padding).
std::string base64url(std::string_view bytes);

/// The first `length` letters of the SHA-256 of the bytes in base64url.
std::string fingerprint(std::string_view bytes, std::size_t length);

}  // namespace mlbilling::sandbox
