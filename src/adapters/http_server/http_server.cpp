#include "adapters/http_server/http_server.hpp"

#include <fcntl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/http_server/http_connection.hpp"
#include "adapters/http_server/http_service.hpp"
#include "adapters/http_server/listening_socket.hpp"
#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "base/outage_log.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto pause_after_failure = std::chrono::milliseconds(100);
/// So long without a failure, and the next one is told as a new outage.
constexpr auto quiet_after_outage = std::chrono::minutes(1);
constexpr std::string_view full_answer =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

Descriptor any_descriptor() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

/// Accepts connections and ends them.
class HttpServer::Listener : public std::enable_shared_from_this<HttpServer::Listener> {
  public:
    Listener(tcp::acceptor acceptor, std::shared_ptr<HttpService> service)
        : acceptor_(std::move(acceptor)),
          service_(std::move(service)),
          ended_(acceptor_.get_executor()) {}

    void start() {
        boost::system::error_code ignored;
        acceptor_.non_blocking(true, ignored);
        auto ended = [self = shared_from_this()](const std::exception_ptr& error) {
            if (error && !self->service_->stopping) self->start_again(error);
        };
        asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), std::move(ended));
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
        for (const auto& [id, connection] : service_->connections())
            if (connection->phase() == HttpConnection::Phase::idle) connection->close();
    }

    void abort() {
        // Emitting can end a connection at once and take it out of the map.
        const auto connections = service_->connections();
        for (const auto& [id, connection] : connections) {
            connection->abort().emit(asio::cancellation_type::terminal);
            connection->close();
        }
    }

    /// The same from outside the loop: there, a signal would arrive only after a connection that is
    /// just ending has gone.
    void abort_in_loop() {
        // They hold the service, which must not hold them any more: the loop may never turn again.
        auto connections = service_->take_connections();
        for (const auto& [id, connection] : connections) connection->close();
        asio::post(acceptor_.get_executor(), [connections = std::move(connections)] {
            for (const auto& [id, connection] : connections)
                connection->abort().emit(asio::cancellation_type::terminal);
        });
    }

    static Async<void> drain(std::shared_ptr<Listener> self, Duration patience) {
        const auto& connections = self->service_->connections();
        self->ended_.expires_after(patience);
        while (!connections.empty()) {
            const auto [error] = co_await self->ended_.async_wait(as_result);
            if (!error) break;
        }
        self->abort();
        self->ended_.expires_at(asio::steady_timer::time_point::max());
        while (!connections.empty()) co_await self->ended_.async_wait(as_result);
    }

  private:
    static Async<void> accept(std::shared_ptr<Listener> self) {
        asio::steady_timer pause(self->acceptor_.get_executor());
        while (!self->service_->stopping) {
            auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
            if (self->service_->stopping) co_return;
            if (!error) {
                self->take(std::move(socket));
                continue;
            }
            if (self->recovers_from(error)) continue;
            pause.expires_after(pause_after_failure);
            co_await pause.async_wait(as_result);
        }
    }

    void start_again(const std::exception_ptr& error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& failure) {
            log::error("accepting HTTP connections failed", {{"error", failure.what()}});
        }
        start();
    }

    /// Makes room and takes the connection in, or tells it that there is none.
    void take(tcp::socket socket) {
        if (std::chrono::steady_clock::now() - failed_at_ > quiet_after_outage) outage_.over();
        if (service_->is_full() && !service_->make_room()) {
            boost::system::error_code ignored;
            socket.non_blocking(true, ignored);
            socket.write_some(asio::buffer(full_answer), ignored);
            return;
        }
        try {
            adopt(std::move(socket));
        } catch (const std::exception& e) {
            log::error("an HTTP connection is not served", {{"error", std::string(e.what())}});
        }
    }

    /// Whether the next connection may be accepted at once.
    bool recovers_from(const boost::system::error_code& error) {
        failed_at_ = std::chrono::steady_clock::now();
        outage_.tell(error.message());
        if (error != asio::error::no_descriptors && error.value() != ENFILE) return false;
        if (service_->make_room()) return true;
        turn_away();
        return false;
    }

    /// Accepts a connection with the descriptor that is kept for this, and closes it: else its
    /// client would wait for an answer for as long as it can.
    void turn_away() {
        spare_ = Descriptor();
        {
            boost::system::error_code ignored;
            tcp::socket socket(acceptor_.get_executor());
            acceptor_.accept(socket, ignored);
        }
        spare_ = any_descriptor();
    }

    void adopt(tcp::socket socket) {
        const auto connection = std::make_shared<HttpConnection>(std::move(socket), service_);
        const auto id = service_->add(connection);
        auto ended = [self = shared_from_this(), connection, id](const std::exception_ptr& error) {
            self->on_end(id, error);
        };
        asio::co_spawn(acceptor_.get_executor(), connection->serve(connection),
                       asio::bind_cancellation_slot(connection->abort().slot(), std::move(ended)));
    }

    void on_end(std::uint64_t id, const std::exception_ptr& error) {
        service_->remove(id);
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
    /// Given up for a moment when there is no other descriptor.
    Descriptor spare_ = any_descriptor();
    log::OutageLog outage_{"cannot accept HTTP connections"};
    std::chrono::steady_clock::time_point failed_at_;
};

HttpServer::HttpServer(boost::asio::any_io_executor executor, const std::string& host,
                       std::uint16_t port, HttpHandler handler, HttpLimits limits, HttpGate gate) {
    auto service = std::make_shared<HttpService>(std::move(handler), std::move(gate), limits);
    listener_ =
        std::make_shared<Listener>(listening_socket(executor, host, port), std::move(service));
    listener_->start();
}

HttpServer::~HttpServer() {
    listener_->close();
    listener_->abort_in_loop();
}

std::uint16_t HttpServer::port() const { return listener_->port(); }

Async<void> HttpServer::stop(Duration patience) {
    listener_->close();
    return Listener::drain(listener_, patience);
}

}  // namespace mlbilling
