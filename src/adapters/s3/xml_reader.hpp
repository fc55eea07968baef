#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mlbilling::s3 {

/// Reads an XML document from outside and hands out the text of each element that holds no others,
/// with the names from the root to it joined by slashes, e.g. `Error/Code`. Document types (and so
/// entities of its own) and depths beyond 16 are refused. False when it is refused or no XML; what
/// was handed out until then does not count.
bool read_xml(std::string_view document,
              const std::function<void(const std::string& path, const std::string& text)>& take);

}  // namespace mlbilling::s3
