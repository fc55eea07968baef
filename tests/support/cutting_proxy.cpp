#include "support/cutting_proxy.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <utility>

namespace mlbilling::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct CuttingProxy::Pair : std::enable_shared_from_this<CuttingProxy::Pair> {
    Pair(tcp::socket from, asio::io_context& loop) : client(std::move(from)), server(loop) {}

    void connect(const tcp::endpoint& endpoint) {
        server.async_connect(endpoint, [self = shared_from_this()](const error_code& error) {
            if (error) return self->close();
            self->pump(self->client, self->server, self->upwards);
            self->pump(self->server, self->client, self->downwards);
        });
    }
    void pump(tcp::socket& from, tcp::socket& to, std::array<char, 65536>& buffer) {
        from.async_read_some(
            asio::buffer(buffer), [this, &from, &to, &buffer, self = shared_from_this()](
                                      const error_code& error, std::size_t bytes) {
                if (error) return close();
                asio::async_write(
                    to, asio::buffer(buffer, bytes),
                    [this, &from, &to, &buffer, self](const error_code& failure, std::size_t) {
                        if (failure) return close();
                        pump(from, to, buffer);
                    });
            });
    }
    void close() {
        error_code ignored;
        client.close(ignored);
        server.close(ignored);
    }

    tcp::socket client;
    tcp::socket server;
    std::array<char, 65536> upwards{};
    std::array<char, 65536> downwards{};
};

CuttingProxy::CuttingProxy(asio::io_context& loop, std::uint16_t server_port)
    : loop_(loop),
      server_(asio::ip::address_v4::loopback(), server_port),
      acceptor_(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    accept();
}

CuttingProxy::~CuttingProxy() { cut(); }

void CuttingProxy::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket client) {
        if (error) return;
        ++accepted_;
        const auto pair = std::make_shared<Pair>(std::move(client), loop_);
        pairs_.push_back(pair);
        pair->connect(server_);
        accept();
    });
}

void CuttingProxy::cut() {
    for (const auto& weak : std::exchange(pairs_, {}))
        if (const auto pair = weak.lock()) pair->close();
}

}  // namespace mlbilling::test
