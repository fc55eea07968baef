#include "adapters/s3/s3_options.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/url_text.hpp"

namespace mlbilling::s3 {
namespace {

constexpr std::size_t longest_prefix = 512;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// S3's rules for names of buckets, without those against names like an address of IPv4.
bool is_bucket(std::string_view name) {
    const auto fits = [](char c) { return is_lower_or_digit(c) || c == '-' || c == '.'; };
    return name.size() >= 3 && name.size() <= 63 && is_lower_or_digit(name.front()) &&
           is_lower_or_digit(name.back()) && std::ranges::all_of(name, fits) &&
           name.find("..") == std::string_view::npos;
}

bool is_region(std::string_view name) {
    return !name.empty() && name.size() <= 64 &&
           std::ranges::all_of(name, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_endpoint(std::string_view address) {
    const auto parsed = boost::urls::parse_uri(address);
    return parsed && (parsed->scheme() == "http" || parsed->scheme() == "https") &&
           !parsed->host().empty() && !parsed->has_userinfo() &&
           (!parsed->has_port() || is_port(std::string(parsed->port()))) && !parsed->has_query() &&
           !parsed->has_fragment() && (parsed->path().empty() || parsed->path() == "/");
}

/// Names that a URL's path keeps as they are: none is empty or a dot segment.
bool is_prefix(std::string_view prefix) {
    if (prefix.size() > longest_prefix) return false;
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    if (std::ranges::any_of(prefix, is_control)) return false;
    for (std::size_t start = 0; start <= prefix.size();) {
        const auto end = std::min(prefix.find('/', start), prefix.size());
        const auto name = prefix.substr(start, end - start);
        if (name.empty() || name == "." || name == "..") return false;
        start = end + 1;
    }
    return true;
}

std::string without_slashes_around(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    text.erase(0, std::min(text.find_first_not_of('/'), text.size()));
    return text;
}

}  // namespace

Result<S3Options> parse_s3_url(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme() != "s3" || !parsed->has_authority() || parsed->has_port() ||
        parsed->has_fragment())
        return Problem{"is not s3://BUCKET/PREFIX?endpoint=…&region=…"};
    if (parsed->has_userinfo())
        return Problem{
            "holds credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead"};
    S3Options options;
    options.bucket = parsed->host();
    if (!is_bucket(options.bucket)) return Problem{"does not name a bucket of S3"};
    options.prefix = without_slashes_around(parsed->path());
    if (!options.prefix.empty() && !is_prefix(options.prefix))
        return Problem{"has a prefix with an empty name, a dot segment or a control character"};
    for (const auto parameter : parsed->params()) {
        if (parameter.key == "endpoint" && is_endpoint(parameter.value))
            options.endpoint = without_slashes_around(parameter.value);
        else if (parameter.key == "region" && is_region(parameter.value))
            options.region = parameter.value;
        else
            return Problem{
                "has a parameter that is not endpoint=http(s)://HOST:PORT or region=NAME"};
    }
    return options;
}

std::string bucket_address(const S3Options& options) {
    if (!options.endpoint.empty()) return options.endpoint + "/" + options.bucket;
    const auto host = "s3." + options.region + ".amazonaws.com";
    const bool has_dot = options.bucket.find('.') != std::string::npos;
    return has_dot ? "https://" + host + "/" + options.bucket
                   : "https://" + options.bucket + "." + host;
}

}  // namespace mlbilling::s3
