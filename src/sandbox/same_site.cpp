#include "sandbox/same_site.hpp"

#include <boost/asio/ip/address.hpp>
#include <string_view>

#include "sandbox/text.hpp"

namespace mlbilling::sandbox {
namespace {

/// `[::1]:8090` or `localhost:8090` without the port and brackets.
std::string without_port(const std::string& host) {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        return end == std::string::npos ? host : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_address(const std::string& text, bool& unspecified) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text, error);
    unspecified = !error && address.is_unspecified();
    return !error;
}

bool is_single_label(const std::string& name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return !name.empty() && name.find_first_not_of(letters) == std::string::npos;
}

}  // namespace

bool names_this_host(const HttpRequest& request, const std::string& configured_host) {
    const auto name = lower_case(without_port(request.header("host")));
    if (name == "localhost" || name == "127.0.0.1" || name == "::1" ||
        name == lower_case(configured_host)) {
        return true;
    }
    bool everywhere = false;
    bool ignored = false;
    if (!is_address(configured_host, everywhere) || !everywhere) return false;
    return is_address(name, ignored) || is_single_label(name);
}

bool comes_from_elsewhere(const HttpRequest& request) {
    const auto site = lower_case(request.header("sec-fetch-site"));
    if (!site.empty() && site != "same-origin" && site != "none") return true;
    const auto origin = lower_case(request.header("origin"));
    if (origin.empty()) return false;
    const auto host = lower_case(request.header("host"));
    return origin != "http://" + host && origin != "https://" + host;
}

}  // namespace mlbilling::sandbox
