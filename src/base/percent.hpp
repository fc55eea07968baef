#pragma once

#include <string>
#include <string_view>

namespace mlbilling::percent {

/// RFC 3986, 2.1: everything but letters, digits and `-._~` as %XX.
std::string encoded(std::string_view text);
/// The other way; a % that no two hexadecimal digits follow stays as it is.
std::string decoded(std::string_view text);
/// Whether two hexadecimal digits follow every %.
bool is_encoded(std::string_view text);

}  // namespace mlbilling::percent
