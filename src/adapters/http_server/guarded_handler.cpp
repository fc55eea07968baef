#include "adapters/http_server/guarded_handler.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>

#include "base/log.hpp"

namespace mlbilling {

namespace asio = boost::asio;

Async<HttpResponse> guarded(HttpHandler handler, HttpRequest request) {
    const auto method = request.method;
    std::string failure;
    try {
        co_return co_await handler(std::move(request));
    } catch (const std::exception& e) {
        failure = e.what();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    log::error("an HTTP handler failed", {{"method", method}, {"error", failure}});
    co_return plain_answer(500, "Internal Server Error");
}

std::string harmless_header(std::string value) {
    for (char& c : value) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return value;
}

}  // namespace mlbilling
