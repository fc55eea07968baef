#include "sandbox/page_files.hpp"

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

/// Everything from here and nothing inline.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string type_of(const std::string& name) {
    const auto dot = name.rfind('.');
    const auto extension =
        dot == std::string::npos ? std::string() : lower_case(name.substr(dot + 1));
    static const std::map<std::string, std::string> types{
        {"html", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"ico", "image/x-icon"},
        {"webp", "image/webp"},
        {"woff2", "font/woff2"},
        {"ogg", "audio/ogg"},
        {"mp3", "audio/mpeg"},
        {"wav", "audio/wav"},
        {"txt", "text/plain; charset=utf-8"},
    };
    const auto found = types.find(extension);
    return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

HttpResponse serve_page(const PageFiles& files, const HttpRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        auto refusal = plain_answer(405, "Method Not Allowed");
        refusal.headers.emplace_back("Allow", "GET, HEAD");
        return refusal;
    }
    const auto name = request.path == "/" ? "index.html" : request.path.substr(1);
    const auto file = files.find(name);
    if (file == files.end()) return plain_answer(404, "Not Found");
    HttpResponse response;
    response.content_type = type_of(name);
    response.body = file->second;
    response.headers.emplace_back("Content-Security-Policy", policy);
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace mlbilling::sandbox
