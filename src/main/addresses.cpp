#include "main/addresses.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <charconv>

#include "adapters/http_client/http_client.hpp"
#include "base/url_text.hpp"

namespace mlbilling {
namespace {

constexpr std::string_view sqlite = "sqlite:";
constexpr std::string_view file = "file:";

bool is_host(std::string_view host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(host), error);
    return host == "localhost" || !error;
}

std::string list_of(std::initializer_list<std::string_view> schemes) {
    std::string list;
    for (const auto scheme : schemes)
        list += (list.empty() ? "" : " or ") + std::string(scheme) + "://";
    return list;
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const Problem problem{"is not HOST:PORT, with an IP address or localhost as its host"};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return problem;
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto digits = text.substr(colon + 1);
    ListenAddress address{std::string(host), 0};
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, address.port);
    if (error != std::errc() || stop != end || !is_host(host)) return problem;
    return address;
}

std::string web_address_of(const ListenAddress& address, std::uint16_t port) {
    boost::system::error_code error;
    const auto ip = boost::asio::ip::make_address(address.host, error);
    std::string host = address.host;
    if (!error && ip.is_unspecified()) host = ip.is_v6() ? "::1" : "127.0.0.1";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return "http://" + host + ":" + std::to_string(port);
}

std::optional<Problem> problem_with_address(std::string_view url,
                                            std::initializer_list<std::string_view> schemes) {
    const Problem problem{"is not an address such as " + std::string(*schemes.begin()) +
                          "://host:8080"};
    if (auto text = problem_with_url_text(url)) return text;
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || !parsed->has_authority()) return problem;
    const auto scheme = lower_case(parsed->scheme());
    if (std::ranges::find(schemes, scheme) == schemes.end())
        return Problem{"does not begin with " + list_of(schemes)};
    if (parsed->host_address().empty()) return Problem{"names no host"};
    // Boost takes what cannot be a port for the beginning of a path.
    const std::string path(parsed->encoded_path());
    const bool cut = !path.empty() && !path.starts_with('/');
    if (cut || (parsed->has_port() && !is_port(std::string(parsed->port()))))
        return Problem{"has a port that is not between 1 and 65535"};
    if (parsed->has_query() || parsed->has_fragment())
        return Problem{"has a ? or # behind its path"};
    return std::nullopt;
}

Result<std::string> parse_proxy(std::string_view text) {
    const bool bare = text.find("://") == std::string_view::npos;
    auto url = bare ? "http://" + std::string(text) : std::string(text);
    if (auto problem = problem_with_address(url, {"http", "socks5h", "socks5"}))
        return *std::move(problem);
    const auto end = url.find("://");
    auto scheme = lower_case(std::string_view(url).substr(0, end));
    if (scheme == "socks5") scheme = "socks5h";
    url = scheme + url.substr(end);
    if (auto problem = problem_with_proxy(url)) return *std::move(problem);
    return url;
}

std::optional<Problem> problem_with_path(std::string_view path) {
    if (path.starts_with('~'))
        return Problem{"begins with ~, which only a shell expands: write the whole path"};
    if (path.find("://") != std::string_view::npos || path.starts_with(file) ||
        path.starts_with(sqlite))
        return Problem{"is a URL, where a path is wanted"};
    return std::nullopt;
}

Result<std::string> parse_sqlite_url(std::string_view url) {
    if (!url.starts_with(sqlite) || url.size() == sqlite.size())
        return Problem{"is neither sqlite:FILE nor postgresql://user@host:port/name"};
    const auto path = url.substr(sqlite.size());
    if (path.starts_with("//"))
        return Problem{
            "has slashes that others read in two ways: write sqlite:/folder/file.db for an "
            "absolute path, sqlite:folder/file.db for one from the working directory"};
    if (path.find('?') != std::string_view::npos)
        return Problem{"has a ? in its file; there are no options: write sqlite:FILE"};
    if (path.ends_with('/')) return Problem{"names a folder: write sqlite:FILE"};
    if (auto problem = problem_with_path(path)) return *std::move(problem);
    return std::string(path);
}

Result<std::string> parse_file_url(std::string_view url) {
    if (!url.starts_with(file) || url.size() == file.size())
        return Problem{"is neither file:DIRECTORY nor s3://BUCKET/PREFIX"};
    auto path = url.substr(file.size());
    if (path.starts_with("///"))
        path.remove_prefix(2);
    else if (path.starts_with("//"))
        return Problem{"names a host: write file:/folder or file:folder"};
    if (auto problem = problem_with_path(path)) return *std::move(problem);
    return std::string(path);
}

}  // namespace mlbilling
