#include "adapters/http_server/response_text.hpp"

#include <algorithm>
#include <array>

namespace mlbilling {
namespace {

struct Reason {
    int status;
    std::string_view words;
};

constexpr std::array reasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{402, "Payment Required"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{411, "Length Required"},
    Reason{413, "Content Too Large"},
    Reason{415, "Unsupported Media Type"},
    Reason{416, "Range Not Satisfiable"},
    Reason{422, "Unprocessable Content"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
};

void append_header(std::string& text, std::string_view name, std::string_view value) {
    const auto begin = text.size();
    text.append(name).append(": ").append(value);
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    std::replace_if(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(), is_control, ' ');
    text.append("\r\n");
}

}  // namespace

std::string_view reason_of(int status) {
    const auto* const found = std::ranges::find(reasons, status, &Reason::status);
    return found == reasons.end() ? std::string_view() : found->words;
}

std::string head_text(const HttpResponse& response, bool keep_alive) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
    text.append(reason_of(response.status)).append("\r\n");
    if (!response.content_type.empty()) append_header(text, "Content-Type", response.content_type);
    for (const auto& [name, value] : response.headers) append_header(text, name, value);
    if (!keep_alive) text.append("Connection: close\r\n");
    return text + "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
}

}  // namespace mlbilling
