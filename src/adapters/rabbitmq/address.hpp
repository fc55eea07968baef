#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace mlbilling::rabbitmq {

/// One node of the broker, and who we are there.
struct Address {
    std::string host = "localhost";
    std::uint16_t port = 5672;
    std::string user = "guest";
    std::string password = "guest";
    std::string virtual_host = "/";
    bool tls = false;
    /// Files in PEM. Without a certificate authority of its own the system's are trusted.
    std::string authority_file;
    std::string certificate_file;
    std::string key_file;

    /// `host:port`, for logs and errors.
    std::string name() const;

    friend bool operator==(const Address&, const Address&) = default;
};

/// Reads RABBITMQ_URL: one `amqp://` or `amqps://` address, or several with commas and
/// blanks between them.
/// `amqps` knows `cacertfile`, `certfile` and `keyfile` (https://www.rabbitmq.com/docs/uri-spec and
/// uri-query-parameters); the server's certificate is always verified. The problem never quotes the
/// URL, which may hold a password.
Result<std::vector<Address>> parse_addresses(std::string_view urls);

}  // namespace mlbilling::rabbitmq
