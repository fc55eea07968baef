#include "integration/http_client/scripted_server.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <sstream>

namespace mlbilling::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using Socket = std::shared_ptr<tcp::socket>;

struct ScriptedServer::State {
    State(asio::io_context& loop, Script given, bool speaks_socks)
        : acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          script(std::move(given)),
          socks(speaks_socks) {}

    tcp::acceptor acceptor;
    Script script;
    bool socks;
    std::vector<ScriptedRequest> requests;
    std::vector<std::string> socks_targets;
    std::vector<std::weak_ptr<tcp::socket>> sockets;
    int connections = 0;
    int open = 0;
};

namespace {

ScriptedRequest parse_head(const std::string& head) {
    ScriptedRequest request;
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    std::istringstream(line) >> request.method >> request.target;
    while (std::getline(lines, line) && line != "\r") {
        const auto colon = line.find(':');
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        const auto first = line.find_first_not_of(' ', colon + 1);
        request.headers[name] = line.substr(first, line.find_last_not_of("\r") - first + 1);
    }
    return request;
}

std::string head_of(const ScriptedReply& reply, bool chunked) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
    if (chunked) {
        head += "Transfer-Encoding: chunked\r\n";
    } else {
        head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
    }
    return head + "\r\n";
}

asio::awaitable<void> read_exactly(Socket socket, std::string& buffer, std::size_t size) {
    if (buffer.size() >= size) co_return;
    co_await asio::async_read(*socket, asio::dynamic_buffer(buffer),
                              asio::transfer_exactly(size - buffer.size()), asio::use_awaitable);
}

/// Consumes what the client sends until it goes away.
asio::awaitable<void> await_end(Socket socket) {
    std::string ignored(4096, '\0');
    boost::system::error_code error;
    while (!error)
        co_await socket->async_read_some(asio::buffer(ignored),
                                         asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> write_endlessly(Socket socket) {
    const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    for (;;) co_await asio::async_write(*socket, asio::buffer(chunk), asio::use_awaitable);
}

/// Plays the reply; whether the connection lives on.
asio::awaitable<bool> play(Socket socket, ScriptedReply reply, bool head_only) {
    using Kind = ScriptedReply::Kind;
    if (reply.kind == Kind::stall) co_await await_end(socket);
    if (reply.kind == Kind::reset) socket->set_option(asio::socket_base::linger(true, 0));
    if (reply.kind == Kind::stall || reply.kind == Kind::reset || reply.kind == Kind::close)
        co_return false;
    std::string bytes = reply.prelude + head_of(reply, reply.kind == Kind::endless);
    if (reply.kind == Kind::cut) reply.body.resize(reply.body.size() / 2);
    if (!head_only && reply.kind != Kind::endless) bytes += reply.body;
    co_await asio::async_write(*socket, asio::buffer(bytes), asio::use_awaitable);
    if (reply.kind == Kind::endless) co_await write_endlessly(socket);
    co_return reply.kind == Kind::answer;
}

/// RFC 1928 without authentication; the target as `host:port`.
asio::awaitable<std::string> greet_socks(Socket socket) {
    std::string buffer;
    co_await read_exactly(socket, buffer, 2);
    co_await read_exactly(socket, buffer, 2 + static_cast<unsigned char>(buffer[1]));
    const std::string accepted("\x05\x00", 2);
    co_await asio::async_write(*socket, asio::buffer(accepted), asio::use_awaitable);
    buffer.clear();
    co_await read_exactly(socket, buffer, 5);
    if (buffer[3] != 3) co_return "not a name";
    const auto length = static_cast<unsigned char>(buffer[4]);
    co_await read_exactly(socket, buffer, 5u + length + 2u);
    const std::string done("\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00", 10);
    co_await asio::async_write(*socket, asio::buffer(done), asio::use_awaitable);
    const unsigned port = static_cast<unsigned char>(buffer[5u + length]) * 256u +
                          static_cast<unsigned char>(buffer[6u + length]);
    co_return buffer.substr(5, length) + ":" + std::to_string(port);
}

}  // namespace

namespace {

template <class State>
asio::awaitable<void> serve(std::shared_ptr<State> state, Socket socket, int connection) {
    if (state->socks) state->socks_targets.push_back(co_await greet_socks(socket));
    std::string buffer;
    for (bool alive = true; alive;) {
        const auto head_size = co_await asio::async_read_until(
            *socket, asio::dynamic_buffer(buffer), "\r\n\r\n", asio::use_awaitable);
        auto request = parse_head(buffer.substr(0, head_size));
        buffer.erase(0, head_size);
        const auto length = request.headers.contains("content-length")
                                ? std::stoul(request.headers["content-length"])
                                : 0;
        co_await read_exactly(socket, buffer, length);
        request.body = buffer.substr(0, length);
        buffer.erase(0, length);
        request.connection = connection;
        state->requests.push_back(request);
        auto reply = state->script(request);
        asio::steady_timer timer(socket->get_executor(), reply.delay);
        co_await timer.async_wait(asio::use_awaitable);
        alive = co_await play(socket, std::move(reply), request.method == "HEAD");
    }
}

template <class State>
asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
        boost::system::error_code error;
        auto socket = std::make_shared<tcp::socket>(co_await state->acceptor.async_accept(
            asio::redirect_error(asio::use_awaitable, error)));
        if (error) co_return;
        state->sockets.push_back(socket);
        ++state->open;
        asio::co_spawn(state->acceptor.get_executor(), serve(state, socket, ++state->connections),
                       [state](std::exception_ptr) { --state->open; });
    }
}

}  // namespace

ScriptedReply reply_with(int status, std::string body) {
    ScriptedReply reply;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
}

ScriptedReply reply_by(ScriptedReply::Kind kind) {
    ScriptedReply reply;
    reply.kind = kind;
    reply.body = "half of this is lost";
    return reply;
}

ScriptedServer::ScriptedServer(asio::io_context& loop, Script script, bool socks)
    : state_(std::make_shared<State>(loop, std::move(script), socks)) {
    asio::co_spawn(loop, accept(state_), asio::detached);
}

ScriptedServer::~ScriptedServer() { stop(); }

std::string ScriptedServer::url() const { return "http://127.0.0.1:" + std::to_string(port()); }

unsigned short ScriptedServer::port() const { return state_->acceptor.local_endpoint().port(); }

const std::vector<ScriptedRequest>& ScriptedServer::requests() const { return state_->requests; }

const std::vector<std::string>& ScriptedServer::socks_targets() const {
    return state_->socks_targets;
}

int ScriptedServer::open_connections() const { return state_->open; }

void ScriptedServer::stop() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    for (const auto& weak : state_->sockets)
        if (const auto socket = weak.lock()) socket->close(ignored);
}

unsigned short unused_port(asio::io_context& loop) {
    tcp::acceptor acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return acceptor.local_endpoint().port();
}

bool runs_dry(asio::io_context& loop) {
    loop.restart();
    loop.run_for(std::chrono::seconds(2));
    return loop.stopped();
}

}  // namespace mlbilling::test
