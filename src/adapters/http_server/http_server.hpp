#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/http_server/http_message.hpp"
#include "base/time.hpp"

namespace mlbilling {

/// Bounds on what strangers may make the server hold, and for how long.
struct HttpLimits {
    /// Bytes of the request line, all headers and all trailer fields together; beyond it 431.
    std::uint32_t max_header = 16 * 1024;
    /// Bytes of one body; beyond it 413.
    std::uint64_t max_body = std::uint64_t{1024} * 1024;
    /// Bytes of all bodies that are held at once, as they come; beyond it the body that has been
    /// coming for longest makes room, and where none is still coming the new one gets 503.
    std::uint64_t max_all_bodies = std::uint64_t{256} * 1024 * 1024;
    /// Bodies of one address that may be half here; beyond it the one that has been coming for
    /// longest is cut off.
    std::size_t max_half_read_per_client = 128;
    /// From a request's first byte to its last.
    Duration read_timeout = std::chrono::seconds(30);
    /// Between two requests of one connection.
    Duration idle_timeout = std::chrono::seconds(75);
    /// For sending one answer.
    Duration write_timeout = std::chrono::seconds(60);
    /// Beyond it one that waits for a request, sends or reads slowly makes room, the oldest first;
    /// where all are being worked for the new one gets 503.
    std::size_t max_connections = 1024;
};

/// A small HTTP/1.1 server (RFC 9112) on the caller's loop: keep-alive, no TLS, no compression. Its
/// limits are measured in real time, since they guard sockets; a handler waits by the Clock port.
class HttpServer {
  public:
    /// Listens at once. `host` is an IP address or `localhost`; port 0 lets the system pick one.
    /// Without a gate every request may bring a body. Throws Unavailable that names the address
    /// when it cannot listen there.
    HttpServer(boost::asio::any_io_executor executor, const std::string& host, std::uint16_t port,
               HttpHandler handler, HttpLimits limits = {}, HttpGate gate = {});
    /// Cuts every connection. Coroutines of handlers end in the loop's next turns, so what they use
    /// must live until then; stop() waits for them.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// The port that it listens on.
    std::uint16_t port() const;
    /// No new connections from here on; running handlers get `patience` to end and answer, then
    /// they are cancelled. Returns when none runs any more.
    Async<void> stop(Duration patience);

  private:
    class Listener;
    std::shared_ptr<Listener> listener_;
};

}  // namespace mlbilling
