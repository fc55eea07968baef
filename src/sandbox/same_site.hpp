#pragma once

#include <string>

#include "adapters/http_server/http_message.hpp"

namespace mlbilling::sandbox {

/// Whether the Host header names this machine: a loopback name or the configured address. Anything
/// else is a web page that points a name of its own at us (DNS rebinding). Listening on every
/// address admits every IP address, since rebinding needs a name, and names without a dot, as
/// containers have: nobody can register one.
bool names_this_host(const HttpRequest& request, const std::string& configured_host);

/// Whether a page of another origin sends this from a user's browser (CSRF), be it one of the same
/// site: another port of this machine. Programs send neither Origin nor Sec-Fetch-Site (W3C Fetch
/// Metadata).
bool comes_from_elsewhere(const HttpRequest& request);

}  // namespace mlbilling::sandbox
