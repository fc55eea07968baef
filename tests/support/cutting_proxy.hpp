#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <list>
#include <memory>

namespace mlbilling::test {

/// Stands between a client and a server on loopback, passes everything on, and can cut all
/// connections at once. Lives on the test's loop.
class CuttingProxy {
  public:
    CuttingProxy(boost::asio::io_context& loop, std::uint16_t server_port);
    ~CuttingProxy();
    CuttingProxy(const CuttingProxy&) = delete;
    CuttingProxy& operator=(const CuttingProxy&) = delete;

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Connections so far.
    int accepted() const { return accepted_; }
    void cut();

  private:
    struct Pair;

    void accept();

    boost::asio::io_context& loop_;
    boost::asio::ip::tcp::endpoint server_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<std::weak_ptr<Pair>> pairs_;
    int accepted_ = 0;
};

}  // namespace mlbilling::test
