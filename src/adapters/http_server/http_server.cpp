// The one translation unit that includes Beast: its headers cost ten seconds of compilation.
#include "adapters/http_server/http_server.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <sstream>

#include "adapters/http_server/guarded_handler.hpp"
#include "adapters/http_server/listening_socket.hpp"
#include "adapters/http_server/request_target.hpp"
#include "base/log.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 64 * 1024;
constexpr auto time_to_read_a_refusal = std::chrono::seconds(2);
constexpr std::string_view full_answer =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// One connection.
struct Session {
    Session(tcp::socket socket, std::size_t max_header)
        : stream(std::move(socket)), buffer(max_header + 2 * read_size) {
        beast::error_code ignored;
        stream.socket().set_option(tcp::no_delay(true), ignored);
        const auto remote = stream.socket().remote_endpoint(ignored);
        peer = remote.address().to_string() + ":" + std::to_string(remote.port());
    }

    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    asio::cancellation_signal abort;
    std::string peer;
    /// Whether a request is being read or answered.
    bool busy = false;
};
using SessionPointer = std::shared_ptr<Session>;

/// The status to refuse a request with that could not be read, or 0 where there is nobody to answer.
int status_of_refusal(const beast::error_code& error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
    return error.category() == make_error_code(http::error::bad_target).category() ? 400 : 0;
}

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

std::optional<HttpRequest> to_request(http::request<http::string_body> raw, std::string peer) {
    auto target = parse_target(view(raw.target()));
    if (!target) return std::nullopt;
    HttpRequest request;
    request.method = view(raw.method_string());
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    for (const auto& field : raw) {
        std::string name(view(field.name_string()));
        for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        auto& value = request.headers[name];
        if (!value.empty()) value += ", ";
        value += view(field.value());
    }
    request.body = std::move(raw.body());
    request.peer = std::move(peer);
    return request;
}

http::response<http::empty_body> head_of(const HttpResponse& response, bool keep_alive) {
    http::response<http::empty_body> head;
    head.version(11);
    head.result(static_cast<unsigned>(response.status));
    head.set(http::field::content_type, harmless_header(response.content_type));
    for (const auto& [name, value] : response.headers) head.insert(harmless_header(name), harmless_header(value));
    head.keep_alive(keep_alive);
    head.content_length(response.body.size());
    return head;
}

/// Sends the answer. Whether the connection may carry another request.
Async<bool> send(SessionPointer session, HttpResponse response, bool keep_alive, bool with_body) {
    using Connection = HttpResponse::Connection;
    if (response.connection == Connection::drop_before_answer) co_return false;
    keep_alive = keep_alive && response.connection == Connection::keep;
    auto head = head_of(response, keep_alive);
    if (response.connection == Connection::drop_in_the_middle) {
        std::ostringstream text;
        text << head.base() << response.body.substr(0, response.body.size() / 2);
        const auto bytes = text.str();
        co_await asio::async_write(session->stream, asio::buffer(bytes), as_result);
        co_return false;
    }
    if (!with_body) {
        const auto [error, size] = co_await http::async_write(session->stream, head, as_result);
        co_return !error && keep_alive;
    }
    http::response<http::string_body> full(std::move(head.base()), std::move(response.body));
    const auto [error, size] = co_await http::async_write(session->stream, full, as_result);
    co_return !error && keep_alive;
}

/// Refuses a request, then reads on for a moment: closing on unread bytes would reset the connection
/// before the client has read why (RFC 9112 9.6).
Async<void> refuse(SessionPointer session, int status) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(status));
    session->stream.expires_after(time_to_read_a_refusal);
    auto response = plain_answer(status, std::string(view(reason)));
    co_await send(session, std::move(response), false, true);
    beast::error_code ignored;
    session->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    for (;;) {
        session->buffer.clear();
        const auto space = session->buffer.prepare(read_size);
        const auto [error, size] = co_await session->stream.async_read_some(space, as_result);
        if (error) co_return;
    }
}

/// Returns when the client has gone away. One that has sent its next request already cannot be watched,
/// since its end would stand behind those bytes: then this waits until it is cancelled.
Async<void> until_client_is_gone(SessionPointer session) {
    auto& socket = session->stream.socket();
    const auto [error] = co_await socket.async_wait(tcp::socket::wait_read, as_result);
    if (error) co_return;
    char byte = 0;
    if (::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) co_return;
    asio::steady_timer forever(socket.get_executor(), asio::steady_timer::time_point::max());
    co_await forever.async_wait(asio::use_awaitable);
}

/// Runs the handler until it ends, or nothing when its client went away first.
Async<std::optional<HttpResponse>> answer(HttpHandler handler, HttpRequest request, SessionPointer session) {
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, guarded(std::move(handler), std::move(request)), asio::deferred),
        asio::co_spawn(executor, until_client_is_gone(session), asio::deferred));
    auto [order, error, response, watch_error] = co_await group.async_wait(
        asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] != 0) co_return std::nullopt;
    if (error) std::rethrow_exception(error);
    co_return std::optional<HttpResponse>(std::move(response));
}

}  // namespace

class HttpServer::Listener : public std::enable_shared_from_this<HttpServer::Listener> {
  public:
    Listener(tcp::acceptor acceptor, HttpHandler handler, HttpLimits limits)
        : acceptor_(std::move(acceptor)), handler_(std::move(handler)), limits_(limits),
          ended_(acceptor_.get_executor()) {}

    void start() { asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached); }

    std::uint16_t port() const {
        boost::system::error_code ignored;
        const auto local = acceptor_.local_endpoint(ignored);
        return local.port();
    }

    /// Stops accepting, and ends the connections that only wait for a request.
    void close() {
        stopping_ = true;
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (const auto& [id, session] : sessions_) {
            if (!session->busy) session->stream.close();
        }
    }

    void abort() {
        // Emitting can end a session at once and take it out of the map.
        const auto sessions = sessions_;
        for (const auto& [id, session] : sessions) {
            session->abort.emit(asio::cancellation_type::terminal);
            session->stream.close();
        }
    }

    static Async<void> drain(std::shared_ptr<Listener> self, Duration patience) {
        self->ended_.expires_after(patience);
        while (!self->sessions_.empty()) {
            const auto [error] = co_await self->ended_.async_wait(as_result);
            if (!error) break;
        }
        self->abort();
        self->ended_.expires_at(asio::steady_timer::time_point::max());
        while (!self->sessions_.empty()) co_await self->ended_.async_wait(as_result);
    }

  private:
    /// The share of max_all_bodies that one request holds.
    struct Share {
        std::shared_ptr<Listener> owner;
        std::uint64_t bytes = 0;
        ~Share() { owner->body_bytes_ -= bytes; }
        bool take(std::uint64_t wanted) {
            if (owner->body_bytes_ + wanted > owner->limits_.max_all_bodies) return false;
            owner->body_bytes_ += wanted;
            bytes = wanted;
            return true;
        }
    };

    static Async<void> accept(std::shared_ptr<Listener> self) {
        while (!self->stopping_) {
            auto [error, socket] = co_await self->acceptor_.async_accept(as_result);
            if (self->stopping_) co_return;
            if (error) {
                log::warning("cannot accept a connection", {{"error", error.message()}});
                asio::steady_timer pause(self->acceptor_.get_executor(), std::chrono::milliseconds(100));
                co_await pause.async_wait(as_result);
            } else if (self->sessions_.size() >= self->limits_.max_connections) {
                boost::system::error_code ignored;
                socket.non_blocking(true, ignored);
                socket.write_some(asio::buffer(full_answer), ignored);
            } else {
                self->adopt(std::move(socket));
            }
        }
    }

    void adopt(tcp::socket socket) {
        const auto session = std::make_shared<Session>(std::move(socket), limits_.max_header);
        const auto id = next_id_++;
        sessions_.emplace(id, session);
        auto ended = [self = shared_from_this(), session, id](const std::exception_ptr& error) {
            self->on_end(id, error);
        };
        asio::co_spawn(acceptor_.get_executor(), serve(shared_from_this(), session),
                       asio::bind_cancellation_slot(session->abort.slot(), std::move(ended)));
    }

    void on_end(std::uint64_t id, const std::exception_ptr& error) {
        sessions_.erase(id);
        ended_.cancel();
        try {
            if (error) std::rethrow_exception(error);
        } catch (const boost::system::system_error&) {
            // The client broke the connection or was cut off: nothing that anyone could mend.
        } catch (const std::exception& e) {
            log::error("an HTTP connection failed", {{"error", std::string(e.what())}});
        }
    }

    static Async<void> serve(std::shared_ptr<Listener> self, SessionPointer session) {
        bool more = true;
        while (more && !self->stopping_) {
            if (session->buffer.size() == 0) {
                session->stream.expires_after(self->limits_.idle_timeout);
                const auto space = session->buffer.prepare(read_size);
                const auto [error, size] = co_await session->stream.async_read_some(space, as_result);
                if (error) break;
                session->buffer.commit(size);
            }
            session->busy = true;
            more = co_await serve_one(self, session);
            session->busy = false;
        }
        session->stream.close();
    }

    /// Reads one request and answers it. Whether the connection may carry another.
    static Async<bool> serve_one(std::shared_ptr<Listener> self, SessionPointer session) {
        Parser parser;
        Share share{self};
        const int refusal = co_await read(self, session, &parser, &share);
        if (refusal < 0) co_return false;
        if (refusal > 0) {
            co_await refuse(session, refusal);
            co_return false;
        }
        const bool keep_alive = parser.keep_alive();
        auto request = to_request(parser.release(), session->peer);
        if (!request) {
            co_await refuse(session, 400);
            co_return false;
        }
        const bool with_body = request->method != "HEAD";
        session->stream.expires_never();
        auto response = co_await answer(self->handler_, std::move(*request), session);
        if (!response) co_return false;
        session->stream.expires_after(self->limits_.write_timeout);
        const bool again = keep_alive && !self->stopping_;
        co_return co_await send(session, std::move(*response), again, with_body);
    }

    /// 0, or the status to refuse the request with, or -1 when the client is not there to be answered.
    /// The pointers are to the frame that awaits this.
    static Async<int> read(std::shared_ptr<Listener> self, SessionPointer session, Parser* parser,
                           Share* share) {
        auto& stream = session->stream;
        parser->header_limit(self->limits_.max_header);
        parser->body_limit(self->limits_.max_body);
        stream.expires_after(self->limits_.read_timeout);
        const auto [bad_head, head] =
            co_await http::async_read_header(stream, session->buffer, *parser, as_result);
        if (bad_head) co_return outcome_of(bad_head);
        const auto announced = parser->content_length();
        const auto unknown = parser->chunked() ? self->limits_.max_body : 0;
        if (!share->take(announced ? *announced : unknown)) co_return 503;
        if (beast::iequals(parser->get()[http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto [error, size] = co_await asio::async_write(stream, asio::buffer(go_on), as_result);
            if (error) co_return -1;
        }
        if (parser->is_done()) co_return 0;
        const auto [bad_body, body] = co_await http::async_read(stream, session->buffer, *parser, as_result);
        co_return bad_body ? outcome_of(bad_body) : 0;
    }

    static int outcome_of(const beast::error_code& error) {
        const int status = status_of_refusal(error);
        return status == 0 ? -1 : status;
    }

    tcp::acceptor acceptor_;
    HttpHandler handler_;
    HttpLimits limits_;
    /// Woken at the end of each session.
    asio::steady_timer ended_;
    std::map<std::uint64_t, SessionPointer> sessions_;
    std::uint64_t next_id_ = 0;
    std::uint64_t body_bytes_ = 0;
    bool stopping_ = false;
};

HttpServer::HttpServer(boost::asio::any_io_executor executor, const std::string& host, std::uint16_t port,
                       HttpHandler handler, HttpLimits limits)
    : listener_(std::make_shared<Listener>(listening_socket(executor, host, port), std::move(handler), limits)) {
    listener_->start();
}

HttpServer::~HttpServer() {
    listener_->close();
    listener_->abort();
}

std::uint16_t HttpServer::port() const { return listener_->port(); }

Async<void> HttpServer::stop(Duration patience) {
    listener_->close();
    return Listener::drain(listener_, patience);
}

}  // namespace mlbilling
