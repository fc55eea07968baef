#include "adapters/http_server/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "adapters/http_server/http_connection.hpp"
#include "adapters/http_server/listening_socket.hpp"
#include "base/log.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto pause_after_failure = std::chrono::milliseconds(100);
constexpr std::string_view full_answer =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

}  // namespace

/// Accepts connections and knows all that are open.
class HttpServer::Listener : public std::enable_shared_from_this<HttpServer::Listener> {
  public:
    Listener(tcp::acceptor acceptor, std::shared_ptr<HttpService> service)
        : acceptor_(std::move(acceptor)),
          service_(std::move(service)),
          ended_(acceptor_.get_executor()) {}

    void start() {
        asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached);
    }

    std::uint16_t port() const {
        boost::system::error_code ignored;
        const auto local = acceptor_.local_endpoint(ignored);
        return local.port();
    }

    /// Stops accepting, and ends the connections that only wait for a request.
    void close() {
        service_->stopping = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (const auto& [id, connection] : connections_) {
            if (!connection->busy()) connection->close();
        }
    }

    void abort() {
        // Emitting can end a connection at once and take it out of the map.
        const auto connections = connections_;
        for (const auto& [id, connection] : connections) {
            connection->abort().emit(asio::cancellation_type::terminal);
            connection->close();
        }
    }

    static Async<void> drain(std::shared_ptr<Listener> self, Duration patience) {
        self->ended_.expires_after(patience);
        while (!self->connections_.empty()) {
            const auto [error] = co_await self->ended_.async_wait(as_result);
            if (!error) break;
        }
        self->abort();
        self->ended_.expires_at(asio::steady_timer::time_point::max());
        while (!self->connections_.empty()) co_await self->ended_.async_wait(as_result);
    }

  private:
    static Async<void> accept(std::shared_ptr<Listener> self) {
        while (!self->service_->stopping) {
            auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
            if (self->service_->stopping) co_return;
            if (error) {
                log::warning("cannot accept a connection", {{"error", error.message()}});
                asio::steady_timer pause(self->acceptor_.get_executor(), pause_after_failure);
                co_await pause.async_wait(as_result);
            } else if (self->connections_.size() >= self->service_->limits.max_connections) {
                boost::system::error_code ignored;
                socket.non_blocking(true, ignored);
                socket.write_some(asio::buffer(full_answer), ignored);
            } else {
                self->adopt(std::move(socket));
            }
        }
    }

    void adopt(tcp::socket socket) {
        const auto connection = HttpConnection::make(std::move(socket), service_);
        const auto id = next_id_++;
        connections_.emplace(id, connection);
        auto ended = [self = shared_from_this(), connection, id](const std::exception_ptr& error) {
            self->on_end(id, error);
        };
        asio::co_spawn(acceptor_.get_executor(), connection->serve(connection),
                       asio::bind_cancellation_slot(connection->abort().slot(), std::move(ended)));
    }

    void on_end(std::uint64_t id, const std::exception_ptr& error) {
        connections_.erase(id);
        ended_.cancel();
        try {
            if (error) std::rethrow_exception(error);
        } catch (const boost::system::system_error& e) {
            // The client broke the connection or was cut off: nothing that anyone could mend.
            log::debug("an HTTP connection ended early", {{"error", e.code().message()}});
        } catch (const std::exception& e) {
            log::error("an HTTP connection failed", {{"error", std::string(e.what())}});
        }
    }

    tcp::acceptor acceptor_;
    std::shared_ptr<HttpService> service_;
    /// Woken at the end of each connection.
    asio::steady_timer ended_;
    std::map<std::uint64_t, std::shared_ptr<HttpConnection>> connections_;
    std::uint64_t next_id_ = 0;
};

HttpServer::HttpServer(boost::asio::any_io_executor executor, const std::string& host,
                       std::uint16_t port, HttpHandler handler, HttpLimits limits) {
    auto service = std::make_shared<HttpService>();
    service->handler = std::move(handler);
    service->limits = limits;
    listener_ =
        std::make_shared<Listener>(listening_socket(executor, host, port), std::move(service));
    listener_->start();
}

HttpServer::~HttpServer() {
    listener_->close();
    listener_->abort();
}

std::uint16_t HttpServer::port() const { return listener_->port(); }

Async<void> HttpServer::stop(Duration patience) {
    listener_->close();
    return Listener::drain(listener_, patience);
}

}  // namespace mlbilling
