#pragma once

#include <string>
#include <string_view>

namespace mlbilling::s3 {

/// Percent-encodes all but letters, digits and `-._~`, as AWS does before it signs. `plain` names
/// bytes to be kept besides.
std::string url_encoded(std::string_view text, std::string_view plain = "");

}  // namespace mlbilling::s3
