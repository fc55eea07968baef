#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/rabbitmq/address.hpp"
#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling::rabbitmq {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// What a connection to the address needs to verify its peer; null without TLS. Throws Refused when
/// a file cannot be read.
TlsContext make_tls_context(const Address& address);

/// Bytes to and from a node, plain or under TLS.
class Stream {
  public:
    /// A silent peer below AMQP is given up after `longest_silence`.
    Stream(const boost::asio::any_io_executor& loop, Address address, TlsContext tls,
           Duration longest_silence);

    /// Throws Unavailable. Ends early when the stream is closed.
    Async<void> connect();
    /// Everything that waits ends with an error.
    void close();

    template <class Handler>
    void read_some(boost::asio::mutable_buffer buffer, Handler handler) {
        if (secure_)
            secure_->async_read_some(buffer, std::move(handler));
        else
            socket_.async_read_some(buffer, std::move(handler));
    }
    template <class Handler>
    void write(boost::asio::const_buffer buffer, Handler handler) {
        if (secure_)
            boost::asio::async_write(*secure_, buffer, std::move(handler));
        else
            boost::asio::async_write(socket_, buffer, std::move(handler));
    }

  private:
    using Socket = boost::asio::ip::tcp::socket;

    Async<void> reach();
    Async<void> secure();
    void set_socket_options();

    Address address_;
    TlsContext tls_;
    Duration longest_silence_;
    boost::asio::ip::tcp::resolver resolver_;
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> secure_;
    bool closed_ = false;
};

}  // namespace mlbilling::rabbitmq
