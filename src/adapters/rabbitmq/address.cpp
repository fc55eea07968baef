#include "adapters/rabbitmq/address.hpp"

#include <algorithm>
#include <boost/url.hpp>
#include <charconv>
#include <optional>

#include "base/url_text.hpp"

namespace mlbilling::rabbitmq {
namespace {

namespace urls = boost::urls;

// So long that no name and no password of a real broker is longer; AMQP's short strings end there.
constexpr std::size_t longest_part = 255;

std::optional<Problem> read_scheme(const urls::url_view& url, Address& address) {
    if (url.scheme() != "amqp" && url.scheme() != "amqps")
        return Problem{"begins with neither amqp:// nor amqps://"};
    address.tls = url.scheme() == "amqps";
    address.port = address.tls ? 5671 : 5672;
    return std::nullopt;
}

std::optional<Problem> read_authority(const urls::url_view& url, Address& address) {
    address.host = url.host_address();
    if (address.host.empty()) return Problem{"names no host"};
    // Boost takes what cannot be a port for the beginning of a path.
    const std::string path(url.encoded_path());
    if (!path.empty() && !path.starts_with('/'))
        return Problem{"has a port that is not between 1 and 65535"};
    if (url.has_port()) {
        const std::string port = url.port();
        const char* end = port.data() + port.size();
        const auto [stop, error] = std::from_chars(port.data(), end, address.port);
        if (error != std::errc() || stop != end || address.port == 0)
            return Problem{"has a port that is not between 1 and 65535"};
    }
    if (url.has_userinfo()) {
        address.user = url.user();
        address.password = url.password();
    }
    for (const auto* part : {&address.host, &address.user, &address.password})
        if (part->size() > longest_part) return Problem{"has a part of more than 255 bytes"};
    return std::nullopt;
}

// A path of nothing but a slash is taken for the default virtual host: nobody names one "".
std::optional<Problem> read_virtual_host(const urls::url_view& url, Address& address) {
    const auto segments = url.segments();
    if (segments.size() > 1) return Problem{"has a virtual host with a bare slash: write it %2F"};
    if (!segments.empty() && !(*segments.begin()).empty()) address.virtual_host = *segments.begin();
    if (address.virtual_host.size() > longest_part)
        return Problem{"has a part of more than 255 bytes"};
    return std::nullopt;
}

std::optional<Problem> read_parameters(const urls::url_view& url, Address& address) {
    for (const auto& parameter : url.params()) {
        std::string* file = nullptr;
        if (parameter.key == "cacertfile") file = &address.authority_file;
        if (parameter.key == "certfile") file = &address.certificate_file;
        if (parameter.key == "keyfile") file = &address.key_file;
        if (file == nullptr)
            return Problem{"has a parameter other than cacertfile, certfile and keyfile"};
        if (!address.tls) return Problem{"has a certificate without amqps://"};
        *file = parameter.value;
    }
    if (address.certificate_file.empty() != address.key_file.empty())
        return Problem{"has only one of certfile and keyfile"};
    return std::nullopt;
}

Result<Address> parse_address(std::string_view text) {
    if (text.empty()) return Problem{"has nothing before or behind one of its commas"};
    if (auto problem = problem_with_url_text(text)) return *std::move(problem);
    const auto url = urls::parse_uri(text);
    if (!url) return Problem{"is not a URL: amqp://user:password@host:port/vhost"};
    Address address;
    for (const auto read : {read_scheme, read_authority, read_virtual_host, read_parameters})
        if (auto problem = read(*url, address)) return *std::move(problem);
    return address;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A comma within an address leaves a piece behind it that has no scheme.
bool has_bare_comma(const std::vector<std::string_view>& pieces) {
    const auto lacks_scheme = [](std::string_view piece) {
        return !piece.empty() && piece.find("://") == std::string_view::npos;
    };
    return pieces.size() > 1 && pieces.front().find("://") != std::string_view::npos &&
           std::any_of(pieces.begin() + 1, pieces.end(), lacks_scheme);
}

}  // namespace

std::string Address::name() const {
    const bool version6 = host.find(':') != std::string::npos;
    return (version6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<std::vector<Address>> parse_addresses(std::string_view urls) {
    std::vector<std::string_view> pieces;
    for (;;) {
        const auto comma = urls.find(',');
        pieces.push_back(trimmed(urls.substr(0, comma)));
        if (comma == std::string_view::npos) break;
        urls.remove_prefix(comma + 1);
    }
    if (has_bare_comma(pieces))
        return Problem{
            "has a comma that begins no address: in a user or password it is written %2C"};
    std::vector<Address> addresses;
    for (const auto piece : pieces) {
        auto address = parse_address(piece);
        if (!address) return address.error();
        addresses.push_back(*std::move(address));
    }
    return addresses;
}

}  // namespace mlbilling::rabbitmq
