#include "integration/http_client/multipart.hpp"

#include <stdexcept>

namespace mlbilling::test {
namespace {

std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto start = text.find(before);
    if (start == std::string::npos) return {};
    const auto from = start + before.size();
    const auto end = text.find(after, from);
    if (end == std::string::npos) throw std::runtime_error("no " + after + " after " + before);
    return text.substr(from, end - from);
}

void expect(bool condition, const char* what) {
    if (!condition) throw std::runtime_error(what);
}

}  // namespace

std::vector<ReceivedPart> parse_multipart(const std::string& content_type,
                                          const std::string& body) {
    const std::string kind = "multipart/form-data; boundary=";
    expect(content_type.starts_with(kind), "not multipart/form-data");
    const std::string delimiter = "--" + content_type.substr(kind.size());
    expect(body.starts_with(delimiter + "\r\n"), "the body does not begin with a delimiter");

    std::vector<ReceivedPart> parts;
    std::size_t at = delimiter.size();
    while (body.compare(at, 2, "--") != 0) {
        expect(body.compare(at, 2, "\r\n") == 0, "a delimiter's line does not end");
        const auto head_end = body.find("\r\n\r\n", at);
        expect(head_end != std::string::npos, "a part's headers do not end");
        const std::string head = body.substr(at, head_end + 2 - at);
        const auto next = body.find("\r\n" + delimiter, head_end + 4);
        expect(next != std::string::npos, "a part does not end");
        ReceivedPart part;
        part.name = between(head, " name=\"", "\"");
        part.file_name = between(head, " filename=\"", "\"");
        part.mime_type = between(head, "Content-Type: ", "\r\n");
        part.bytes = body.substr(head_end + 4, next - head_end - 4);
        parts.push_back(part);
        at = next + 2 + delimiter.size();
    }
    expect(body.substr(at) == "--\r\n", "something stands behind the last delimiter");
    return parts;
}

}  // namespace mlbilling::test
