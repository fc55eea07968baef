#pragma once

#include <gmock/gmock.h>

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http_server/http_server.hpp"
#include "support/http_client.hpp"
#include "support/run.hpp"

namespace mlbilling::test {

/// What the handler of a test does, and what it has seen.
struct Handler {
    boost::asio::io_context* loop = nullptr;
    HttpResponse response = plain_answer(200, "hello");
    std::vector<HttpRequest> seen;
    bool cancelled = false;
    bool throws = false;
    bool waits = false;
};

inline Async<HttpResponse> serve(std::shared_ptr<Handler> handler, HttpRequest request) {
    handler->seen.push_back(request);
    if (handler->throws) throw std::runtime_error("secret detail");
    if (handler->waits) {
        boost::asio::steady_timer forever(*handler->loop,
                                          boost::asio::steady_timer::time_point::max());
        const auto [error] =
            co_await forever.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        handler->cancelled = true;
        throw boost::system::system_error(error);
    }
    co_return handler->response;
}

/// A server on a port of its own, in the loop of the test.
class HttpServerTest : public testing::Test {
  protected:
    void start(HttpLimits limits = {}, HttpGate gate = {}) {
        handler->loop = &loop;
        auto handle = [shared = handler](HttpRequest request) {
            return serve(shared, std::move(request));
        };
        server.emplace(loop.get_executor(), "127.0.0.1", 0, handle, limits, std::move(gate));
    }
    void TearDown() override {
        if (!server) return;
        run(loop, server->stop(Duration(0)));
        server.reset();
        loop.poll();
    }
    Reply ask(const std::string& text) { return run(loop, exchange(&loop, server->port(), text)); }
    Reply get(const std::string& target) {
        return ask(request_text(server->port(), "GET", target));
    }
    Reply post(const std::string& body) {
        return ask(request_text(server->port(), "POST", "/", body));
    }
    /// A client that has sent the bytes.
    std::unique_ptr<HttpClient> client_that_sent(const std::string& bytes) {
        auto client = std::make_unique<HttpClient>(loop, server->port());
        run(loop, client->connect());
        run(loop, client->send(bytes));
        return client;
    }
    /// Runs the loop until it is so. The loop's own work is what makes it so, never the passing of
    /// time.
    void until(const std::function<bool()>& condition) {
        while (!condition()) ASSERT_GT(loop.run_one_for(std::chrono::seconds(20)), 0U);
    }

    boost::asio::io_context loop;
    std::shared_ptr<Handler> handler = std::make_shared<Handler>();
    std::optional<HttpServer> server;
};

/// The head of a chunked request.
inline std::string chunked_head(const std::string& more = "") {
    return "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + more + "\r\n";
}

}  // namespace mlbilling::test
