#include <algorithm>
#include <optional>

#include "sandbox/control_routes.hpp"

namespace mlbilling::sandbox {
namespace {

struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

/// The one range of `bytes=first-last` (RFC 9110 14.1.2) within `size`; players ask for it to seek.
/// Nothing for anything else, which is then answered whole, as that RFC allows.
std::optional<Range> range_of(const std::string& header, std::uint64_t size) {
    const std::string unit = "bytes=";
    const auto dash = header.find('-');
    if (!header.starts_with(unit) || dash == std::string::npos || size == 0) return std::nullopt;
    const auto first = number_from(header.substr(unit.size(), dash - unit.size()));
    const auto rest = header.substr(dash + 1);
    const auto last = number_from(rest);
    if (!first || *first < 0 || (!rest.empty() && (!last || *last < *first))) return std::nullopt;
    const auto begin = static_cast<std::uint64_t>(*first);
    const auto end = last ? static_cast<std::uint64_t>(*last) : size - 1;
    if (begin >= size) return std::nullopt;
    return Range{begin, std::min(end, size - 1)};
}

/// `audio/ogg`, with parameters or without; what a stranger calls a type may be anything.
bool looks_like_type(const std::string& mime) {
    const auto slash = mime.find('/');
    return slash != std::string::npos && slash > 0 && slash + 1 < mime.size();
}

}  // namespace

HttpResponse show_file(State& state, const ControlCall& call) {
    const auto stored = state.files.find(call.id);
    if (!stored)
        return control_error(404, "there is no such file, or it was dropped for newer ones");
    const auto& mime = stored->description.mime;
    HttpResponse response;
    response.content_type = looks_like_type(mime) ? mime : "application/octet-stream";
    // A file may claim to be a page; it must not act in our name.
    response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("Accept-Ranges", "bytes");
    const auto size = stored->bytes->size();
    const auto range = range_of(call.request.header("range"), size);
    if (!range) {
        response.body = *stored->bytes;
        return response;
    }
    response.status = 206;
    response.headers.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                       std::to_string(range->last) + "/" +
                                                       std::to_string(size));
    response.body = stored->bytes->substr(range->first, range->last - range->first + 1);
    return response;
}

}  // namespace mlbilling::sandbox
