#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mlbilling {

struct ListenAddress {
    /// An IP address without brackets, or `localhost`.
    std::string host;
    /// 0: any free port.
    std::uint16_t port = 0;
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// `127.0.0.1:8080`, `[::1]:8080` or `::1:8080`, where the last colon is that of the port.
Result<ListenAddress> parse_listen_address(std::string_view text);
/// How somebody on this machine opens what listens there on that port: `http://[::1]:8080`. Every
/// address is taken for loopback.
std::string web_address_of(const ListenAddress& address, std::uint16_t port);

/// What is wrong with `scheme://host:port/…` as an address; never quotes it. A query or a fragment
/// is.
std::optional<Problem> problem_with_address(std::string_view url,
                                            std::initializer_list<std::string_view> schemes);

/// A proxy as curl reads it: `http://`, or nothing before the host, or `socks5h://`, of which
/// `socks5://` is another name here: names are always looked up by the proxy.
Result<std::string> parse_proxy(std::string_view text);

/// `sqlite:FILE`, relative to the working directory or absolute; exactly as it is written.
Result<std::string> parse_sqlite_url(std::string_view url);
/// `file:DIRECTORY`, the same way; `file:///DIRECTORY` is the absolute one (RFC 8089).
Result<std::string> parse_file_url(std::string_view url);
std::optional<Problem> problem_with_path(std::string_view path);

}  // namespace mlbilling
