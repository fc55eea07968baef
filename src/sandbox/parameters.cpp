#include "sandbox/parameters.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "adapters/http_server/request_target.hpp"
#include "sandbox/model.hpp"
#include "sandbox/multipart.hpp"
#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

namespace json = boost::json;

/// Parsed JSON takes up to thirty times its text, and no call but an upload needs more.
constexpr std::size_t largest_plain_body = 1 << 20;

std::optional<Answer> read_json(const std::string& body, Parameters& parameters) {
    boost::system::error_code error;
    const auto parsed = json::parse(body, error);
    if (error || !parsed.is_object())
        return bad_request("can't parse the request as a JSON object");
    for (const auto& [name, value] : parsed.get_object()) {
        if (value.is_null()) continue;
        auto text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
        parameters.set(std::string(name), std::move(text));
    }
    return std::nullopt;
}

std::optional<Answer> read_form(const std::string& body, Parameters& parameters) {
    auto form = parse_form(body);
    if (!form) return bad_request("can't parse the urlencoded form");
    for (auto& [name, value] : *form) parameters.set(name, std::move(value));
    return std::nullopt;
}

std::optional<Answer> read_parts(const HttpRequest& request, Parameters& parameters) {
    auto parts = parse_multipart(request.header("content-type"), request.body);
    if (!parts) return bad_request("can't parse the multipart form: " + parts.error().message);
    for (auto& part : *parts) {
        if (part.is_file) {
            if (static_cast<std::int64_t>(part.body.size()) > largest_upload) {
                return failure(413, "Request Entity Too Large");
            }
            UploadedFile file{part.file_name, part.content_type, std::move(part.body)};
            parameters.add_file(part.name, std::move(file));
        } else if (part.body.size() > largest_plain_body) {
            return bad_request("parameter is too long");
        } else {
            parameters.set(part.name, std::move(part.body));
        }
    }
    return std::nullopt;
}

}  // namespace

std::string Parameters::text(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
}

std::optional<std::int64_t> Parameters::number(const std::string& name) const {
    const auto value = trimmed(text(name));
    std::int64_t number = 0;
    const auto* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (value.empty() || error != std::errc() || stop != end) return std::nullopt;
    return number;
}

std::int64_t Parameters::number_within(const std::string& name, std::int64_t fallback,
                                       std::int64_t least, std::int64_t most) const {
    return std::clamp(number(name).value_or(fallback), least, most);
}

bool Parameters::flag(const std::string& name) const {
    const auto value = lower_case(trimmed(text(name)));
    return value == "true" || value == "yes" || value == "1";
}

const UploadedFile* Parameters::file(const std::string& name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
}

OrRefusal<Parameters> read_parameters(const HttpRequest& request) {
    Parameters parameters(request.query);
    if (request.body.empty()) return parameters;
    const auto type = lower_case(request.header("content-type"));
    const bool multipart = type.starts_with("multipart/form-data");
    if (!multipart && request.body.size() > largest_plain_body) {
        return failure(413, "Request Entity Too Large");
    }
    std::optional<Answer> refusal;
    if (multipart) {
        refusal = read_parts(request, parameters);
    } else if (type.starts_with("application/json")) {
        refusal = read_json(request.body, parameters);
    } else if (type.starts_with("application/x-www-form-urlencoded")) {
        refusal = read_form(request.body, parameters);
    }
    if (refusal) return *refusal;
    return parameters;
}

std::optional<std::set<std::string>> allowed_updates(const Parameters& parameters) {
    boost::system::error_code error;
    const auto text = parameters.text("allowed_updates");
    const auto parsed = json::parse(text, error);
    if (text.empty() || error || !parsed.is_array()) return std::nullopt;
    std::set<std::string> types;
    for (const auto& type : parsed.get_array()) {
        if (type.is_string() && types.size() < 100) types.emplace(type.get_string());
    }
    return types;
}

}  // namespace mlbilling::sandbox
