#include "sandbox/multipart.hpp"

#include <map>
#include <optional>

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

constexpr std::size_t most_parts = 100;
constexpr std::size_t longest_headers = std::size_t{8} * 1024;
/// RFC 2046 5.1.1.
constexpr std::size_t longest_boundary = 70;

/// `form-data; name="a"; filename="b.ogg"` as a map of lower-case names; the word before is left
/// out. Nothing when a quote is not closed.
std::optional<std::map<std::string, std::string>> header_parameters(std::string_view header) {
    std::map<std::string, std::string> parameters;
    auto at = header.find(';');
    while (at != std::string_view::npos && at < header.size()) {
        const auto equals = header.find('=', at);
        if (equals == std::string_view::npos) break;
        const auto name = lower_case(trimmed(header.substr(at + 1, equals - at - 1)));
        std::string value;
        auto next = equals + 1;
        if (next < header.size() && header[next] == '"') {
            for (++next; next < header.size() && header[next] != '"'; ++next) {
                const bool escape = header[next] == '\\' && next + 1 < header.size() &&
                                    (header[next + 1] == '"' || header[next + 1] == '\\');
                if (escape) ++next;
                value += header[next];
            }
            if (next >= header.size()) return std::nullopt;
            next = header.find(';', next);
        } else {
            next = header.find(';', equals);
            value = trimmed(header.substr(
                equals + 1, next == std::string_view::npos ? next : next - equals - 1));
        }
        parameters.emplace(name, std::move(value));
        at = next;
    }
    return parameters;
}

/// The headers of one part into it. False when it cannot be a part of a form.
bool read_headers(std::string_view headers, FormPart& part) {
    while (!headers.empty()) {
        const auto end = headers.find("\r\n");
        const auto line = headers.substr(0, end);
        headers = end == std::string_view::npos ? std::string_view() : headers.substr(end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        const auto name = lower_case(trimmed(line.substr(0, colon)));
        if (name == "content-type") part.content_type = trimmed(line.substr(colon + 1));
        if (name != "content-disposition") continue;
        const auto parameters = header_parameters(line.substr(colon + 1));
        if (!parameters || !parameters->contains("name")) return false;
        part.name = parameters->at("name");
        part.is_file = parameters->contains("filename");
        if (part.is_file) part.file_name = parameters->at("filename");
    }
    return !part.name.empty();
}

}  // namespace

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type,
                                              std::string_view body) {
    const auto parameters = header_parameters(content_type);
    if (!parameters || !parameters->contains("boundary"))
        return Problem{"the form has no boundary"};
    const auto& boundary = parameters->at("boundary");
    if (boundary.empty() || boundary.size() > longest_boundary)
        return Problem{"the boundary is unusable"};
    const auto opening = "--" + boundary;
    const auto closing = "\r\n--" + boundary;
    const auto start = body.starts_with(opening) ? 0 : body.find(closing);
    if (start == std::string_view::npos) return Problem{"the form does not begin"};
    body = body.substr(start == 0 ? opening.size() : start + closing.size());

    std::vector<FormPart> parts;
    while (!body.starts_with("--")) {
        if (parts.size() >= most_parts) return Problem{"the form has too many parts"};
        // White space may follow a boundary (RFC 2046 5.1.1); nobody sends it, so nobody may hide
        // there.
        if (!body.starts_with("\r\n")) return Problem{"the form is broken after a boundary"};
        const auto end_of_headers = body.substr(0, longest_headers).find("\r\n\r\n");
        if (end_of_headers == std::string_view::npos)
            return Problem{"the headers of a part do not end"};
        FormPart part;
        const auto headers = body.substr(2, end_of_headers < 2 ? 0 : end_of_headers - 2);
        if (!read_headers(headers, part)) return Problem{"a part of the form has no name"};
        body = body.substr(end_of_headers + 4);
        const auto end = body.find(closing);
        if (end == std::string_view::npos) return Problem{"the form is cut off"};
        part.body = body.substr(0, end);
        parts.push_back(std::move(part));
        body = body.substr(end + closing.size());
    }
    return parts;
}

}  // namespace mlbilling::sandbox
