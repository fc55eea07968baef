#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

namespace mlbilling {

/// A socket that listens on the address; see HttpServer's constructor. Throws Unavailable.
boost::asio::ip::tcp::acceptor listening_socket(const boost::asio::any_io_executor& executor,
                                                const std::string& host, std::uint16_t port);

}  // namespace mlbilling
