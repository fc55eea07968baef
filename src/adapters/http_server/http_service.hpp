#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "adapters/http_server/http_message.hpp"
#include "adapters/http_server/http_server.hpp"

namespace mlbilling {

class HttpConnection;

/// What the connections of one server share, and who of them makes room for others: those that only
/// wait before those that send slowly, those before others that read slowly, of each kind the one
/// that has been at it for longest. Whom a handler is working for is left alone.
class HttpService {
  public:
    HttpService(HttpHandler handler, HttpGate gate, HttpLimits limits)
        : handler(std::move(handler)), gate(std::move(gate)), limits(limits) {}

    std::uint64_t add(std::shared_ptr<HttpConnection> connection);
    void remove(std::uint64_t id) { connections_.erase(id); }
    /// For the end of the server: none is known any more.
    std::map<std::uint64_t, std::shared_ptr<HttpConnection>> take_connections() {
        return std::exchange(connections_, {});
    }
    /// Those that have not ended, a few of them closed already.
    const std::map<std::uint64_t, std::shared_ptr<HttpConnection>>& connections() const {
        return connections_;
    }
    bool is_full() const { return open >= limits.max_connections; }

    /// Closes a connection that can be spared. Whether there was one.
    bool make_room();
    /// Closes another connection whose body is only half here, for the bytes that it holds.
    bool make_room_for_bytes(const HttpConnection& asking);
    /// Closes one of that client's other connections when too many of its bodies are only half
    /// here.
    void bound_half_read(const HttpConnection& asking);

    HttpHandler handler;
    HttpGate gate;
    HttpLimits limits;
    /// Connections whose socket is open.
    std::size_t open = 0;
    /// Bytes of bodies that are held now; at most limits.max_all_bodies and what came last.
    std::uint64_t body_bytes = 0;
    /// Set once; no connection takes another request then.
    bool stopping = false;
    /// Counts the phases that connections have entered.
    std::uint64_t phases = 0;
    /// Where what has come lies before a connection takes it, so that one that waits holds nothing.
    std::array<char, std::size_t{64} * 1024> received{};

  private:
    std::map<std::uint64_t, std::shared_ptr<HttpConnection>> connections_;
    std::uint64_t next_id_ = 0;
};

}  // namespace mlbilling
