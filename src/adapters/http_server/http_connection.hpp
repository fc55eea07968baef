#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>

#include "adapters/http_server/http_message.hpp"
#include "adapters/http_server/http_server.hpp"

namespace mlbilling {

/// What the connections of one server share.
struct HttpService {
    HttpHandler handler;
    HttpLimits limits;
    /// Bytes of bodies that are held now; at most limits.max_all_bodies.
    std::uint64_t body_bytes = 0;
    /// Set once; no connection takes another request then.
    bool stopping = false;
};

/// One client's connection.
class HttpConnection {
  public:
    static std::shared_ptr<HttpConnection> make(boost::asio::ip::tcp::socket socket,
                                                std::shared_ptr<HttpService> service);
    virtual ~HttpConnection() = default;

    /// Answers requests until either side has had enough. The pointer is to this connection.
    virtual Async<void> serve(std::shared_ptr<HttpConnection> self) = 0;
    /// Closes the socket; what waits for it fails.
    virtual void close() = 0;
    /// Whether a request is being read or answered.
    bool busy() const { return busy_; }
    /// Cancels serve().
    boost::asio::cancellation_signal& abort() { return abort_; }

  protected:
    bool busy_ = false;

  private:
    boost::asio::cancellation_signal abort_;
};

}  // namespace mlbilling
