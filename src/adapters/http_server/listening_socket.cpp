#include "adapters/http_server/listening_socket.hpp"

#include "base/unavailable.hpp"

namespace mlbilling {

using boost::asio::ip::tcp;

tcp::acceptor listening_socket(const boost::asio::any_io_executor& executor,
                               const std::string& host, std::uint16_t port) {
    const auto failed = "cannot listen on " + host + ":" + std::to_string(port) + ": ";
    boost::system::error_code error;
    const auto address =
        boost::asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) throw Unavailable(failed + "the host must be an IP address or localhost");
    try {
        return {executor, tcp::endpoint(address, port), /*reuse_addr=*/true};
    } catch (const boost::system::system_error& e) {
        throw Unavailable(failed + e.code().message());
    }
}

}  // namespace mlbilling
