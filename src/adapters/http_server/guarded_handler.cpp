#include "adapters/http_server/guarded_handler.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>

#include "base/log.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;

HttpResponse failed(const std::string& method, const std::string& error) {
    log::error("an HTTP handler failed", {{"method", method}, {"error", error}});
    return plain_answer(500, "Internal Server Error");
}

}  // namespace

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
    co_return failed(method, failure);
}

HttpAdmission guarded(const HttpGate& gate, const HttpRequest& head) {
    try {
        return gate ? gate(head) : HttpAdmission();
    } catch (const std::exception& e) {
        return HttpAdmission::refuse(failed(head.method, e.what()));
    }
}

}  // namespace mlbilling
