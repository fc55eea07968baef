#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mlbilling::sandbox {

/// One part of a form (RFC 7578).
struct FormPart {
    std::string name;
    /// Whether the part says that it is a file.
    bool is_file = false;
    std::string file_name;
    std::string content_type;
    std::string body;
};

/// Takes a multipart/form-data body apart. At most 100 parts with at most 8 KiB of headers each;
/// anything that is cut off, has no boundary or no name is a problem, never half a form.
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace mlbilling::sandbox
