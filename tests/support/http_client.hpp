#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling::test {

struct Reply {
    /// 0 when the connection ended before a whole head.
    int status = 0;
    /// Names in lower case.
    std::map<std::string, std::string> headers;
    std::string body;
    /// Whether all that the head promised came.
    bool complete = false;
};

/// A client that sends exactly the bytes it is told to, so that a test can be as rude as it likes.
class HttpClient {
  public:
    HttpClient(boost::asio::io_context& loop, std::uint16_t port) : socket_(loop), port_(port) {}

    /// Takes its descriptor, which connect() does else.
    void open() { socket_.open(boost::asio::ip::tcp::v4()); }

    Async<void> connect() {
        const boost::asio::ip::tcp::endpoint server(boost::asio::ip::address_v4::loopback(), port_);
        co_await socket_.async_connect(server, boost::asio::use_awaitable);
    }

    Async<void> send(std::string bytes) {
        co_await boost::asio::async_write(socket_, boost::asio::buffer(bytes),
                                          boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    /// An answer that has no body, whatever its head says.
    Async<Reply> receive_head() {
        Reply reply;
        const auto [error, size] = co_await boost::asio::async_read_until(
            socket_, boost::asio::dynamic_buffer(received_), "\r\n\r\n",
            boost::asio::as_tuple(boost::asio::use_awaitable));
        if (error) co_return reply;
        read_head(received_.substr(0, size), reply);
        received_.erase(0, size);
        co_return reply;
    }

    Async<Reply> receive() {
        auto reply = co_await receive_head();
        if (reply.status == 0) co_return reply;
        const auto length = reply.headers.contains("content-length")
                                ? std::stoull(reply.headers.at("content-length"))
                                : 0;
        if (received_.size() < length) {
            co_await boost::asio::async_read(
                socket_, boost::asio::dynamic_buffer(received_),
                boost::asio::transfer_at_least(length - received_.size()),
                boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        reply.body = received_.substr(0, length);
        received_.erase(0, reply.body.size());
        reply.complete = reply.body.size() == length;
        co_return reply;
    }

    /// Whether the server has closed; waits until it does or sends something.
    Async<bool> at_end() {
        char byte = 0;
        const auto [error, size] = co_await socket_.async_read_some(
            boost::asio::buffer(&byte, 1), boost::asio::as_tuple(boost::asio::use_awaitable));
        co_return static_cast<bool>(error);
    }

    void close() { socket_.close(); }

  private:
    static void read_head(const std::string& head, Reply& reply) {
        reply.status = std::stoi(head.substr(9, 3));
        for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
            const auto end = head.find("\r\n", at);
            const auto colon = head.find(':', at);
            std::string name = head.substr(at, colon - at);
            for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            reply.headers[name] = head.substr(colon + 2, end - colon - 2);
            at = end + 2;
        }
    }

    boost::asio::ip::tcp::socket socket_;
    std::uint16_t port_;
    std::string received_;
};

/// The bytes of a request; Host is the server's own unless the headers have one.
inline std::string request_text(std::uint16_t port, const std::string& method,
                                const std::string& target, const std::string& body = "",
                                std::map<std::string, std::string> headers = {}) {
    headers.emplace("Host", "127.0.0.1:" + std::to_string(port));
    if (!body.empty()) headers.emplace("Content-Length", std::to_string(body.size()));
    std::string text = method + " " + target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    return text + "\r\n" + body;
}

/// Sends the bytes over a connection of its own and reads one answer.
inline Async<Reply> exchange(boost::asio::io_context* loop, std::uint16_t port, std::string text) {
    HttpClient client(*loop, port);
    co_await client.connect();
    co_await client.send(std::move(text));
    co_return co_await client.receive();
}

/// A call that goes on while the test does other things.
template <class T>
class Pending {
  public:
    Pending(boost::asio::io_context& loop, Async<T> work) {
        boost::asio::co_spawn(loop, std::move(work),
                              [state = state_](const std::exception_ptr& error, T value) {
                                  if (!error) *state = std::move(value);
                              });
    }
    bool done() const { return state_->has_value(); }
    const T& value() const { return state_->value(); }

  private:
    std::shared_ptr<std::optional<T>> state_ = std::make_shared<std::optional<T>>();
};

}  // namespace mlbilling::test
