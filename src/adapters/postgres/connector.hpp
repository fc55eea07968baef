#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/options.hpp"
#include "adapters/postgres/target.hpp"
#include "ports/async.hpp"

namespace mlbilling::postgres {

/// Opens connections to the one server among the URL's hosts that may be written to; never blocks
/// the loop.
class Connector {
  public:
    /// CHECKs that the URL can be parsed: main does so before.
    Connector(const Options& options, boost::asio::any_io_executor loop);

    /// Tries the hosts in order, from the one that served last. Throws ConnectionLost when none
    /// will do.
    Async<std::unique_ptr<Connection>> connect();

    bool transaction_pooler() const { return target_.transaction_pooler; }

  private:
    /// Null when none of the host's addresses will do; then says why.
    Async<LibpqConnection> connect_to(Host host, std::string& problems);
    /// The host once for each of its addresses.
    Async<std::vector<Host>> look_up(Host host);
    Async<LibpqConnection> open(Host host);

    Target target_;
    boost::asio::any_io_executor loop_;
    /// Index into the target's hosts.
    std::size_t preferred_ = 0;
};

}  // namespace mlbilling::postgres
