#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/http_server/http_service.hpp"
#include "adapters/http_server/request_reader.hpp"

namespace mlbilling {

/// One client's connection.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
  public:
    enum class Phase { idle, reading, answering, sending };

    HttpConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpService> service);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    /// Answers requests until either side has had enough. The pointer is to this connection.
    Async<void> serve(std::shared_ptr<HttpConnection> self);
    /// Closes the socket, once, and gives back what the connection held; what waits for it fails.
    void close();
    bool is_closed() const { return closed_; }
    /// Cancels serve().
    boost::asio::cancellation_signal& abort() { return abort_; }

    Phase phase() const { return phase_; }
    /// Grows with each new phase of any connection: the lowest has been in its phase for longest.
    std::uint64_t since() const { return since_; }
    /// Bytes of a body that has begun to come.
    std::uint64_t held() const { return held_; }
    /// Whether a body is awaited that has not come in full.
    bool is_half_read() const { return half_read_; }
    /// The client's, without the port.
    const std::string& address() const { return address_; }

  private:
    enum class Reading { complete, refused, gone };

    void enter(Phase phase);
    void expires_after(Duration span);
    Async<bool> serve_one();
    Async<Reading> read();
    Async<bool> receive();
    Async<bool> admit();
    Async<bool> await_more();
    bool hold_body();
    void let_go();
    void refuse_with(int status);
    Async<bool> answer();
    Async<std::optional<HttpResponse>> handle(HttpRequest request);
    Async<bool> refuse();
    Async<bool> send(HttpResponse response, bool keep_alive, bool with_body);
    Async<bool> send_with_pause(std::string text, std::size_t rest, Duration pause);
    Async<bool> write(std::string_view first, std::string_view second);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer deadline_;
    std::shared_ptr<HttpService> service_;
    boost::asio::cancellation_signal abort_;
    RequestReader reader_;
    std::string address_;
    std::string peer_;
    Phase phase_ = Phase::idle;
    std::uint64_t since_ = 0;
    std::uint64_t held_ = 0;
    bool half_read_ = false;
    /// Whether the request is a HEAD.
    bool head_only_ = false;
    std::optional<HttpResponse> refusal_;
    bool closed_ = false;
};

}  // namespace mlbilling
