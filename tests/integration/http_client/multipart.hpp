#pragma once

#include <string>
#include <vector>

namespace mlbilling::test {

struct ReceivedPart {
    std::string name;
    std::string file_name;
    std::string mime_type;
    std::string bytes;
};

/// Reads a multipart/form-data body strictly (RFC 7578, RFC 2046 5.1.1); throws std::runtime_error
/// when a delimiter, header or the end is not where it must be.
std::vector<ReceivedPart> parse_multipart(const std::string& content_type, const std::string& body);

}  // namespace mlbilling::test
