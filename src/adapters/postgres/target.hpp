#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace mlbilling::postgres {

/// One server that may be the one.
struct Host {
    /// Name, address, or directory of a Unix socket; empty: libpq's default.
    std::string name;
    /// Address, when the URL gives it besides the name.
    std::string address;
    std::string port;
};

/// What a URL says about how to connect. libpq reads it; three things it leaves to its caller when
/// connecting without blocking (PostgreSQL documentation 34.1): looking up names, giving up on a
/// host that does not answer, and with that going through the hosts in order.
struct Target {
    std::vector<Host> hosts;
    /// Parameters for libpq, hosts apart; passwords are among them.
    std::vector<std::pair<std::string, std::string>> parameters;
    /// For one host.
    Duration connect_timeout{3'000};
    /// The URL says `pooler=transaction`: one server session serves other clients after each
    /// transaction (PgBouncer), so nothing may be set or prepared for longer.
    bool transaction_pooler = false;
};

/// Reads `postgresql://user:password@host1:port1,host2:port2/name?option=value&…` with all options
/// of libpq, and `pooler=transaction` (or `session`, which changes nothing). The problem names no
/// secret.
Result<Target> parse_target(const std::string& url);

}  // namespace mlbilling::postgres
