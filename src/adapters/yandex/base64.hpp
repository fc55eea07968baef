#pragma once

#include <optional>
#include <string>
#include <string_view>

/// RFC 4648, by OpenSSL.
namespace mlbilling::yandex {

std::string base64(std::string_view bytes);
/// For URLs and tokens: other letters, no padding.
std::string base64url(std::string_view bytes);
/// Nothing when the text is no whole base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace mlbilling::yandex
