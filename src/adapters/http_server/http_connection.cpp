// The one translation unit that includes Beast: its headers cost ten seconds of compilation.
#include "adapters/http_server/http_connection.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <sstream>

#include "adapters/http_server/guarded_handler.hpp"
#include "adapters/http_server/request_target.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Parser = http::request_parser<http::string_body>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = std::size_t{64} * 1024;
constexpr auto time_to_read_a_refusal = std::chrono::seconds(2);

/// The status to refuse a request with that could not be read, or -1 where there is nobody to
/// answer.
int status_of_refusal(const beast::error_code& error) {
    if (error == http::error::body_limit) return 413;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return -1;
    return error.category() == make_error_code(http::error::bad_target).category() ? 400 : -1;
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
    for (const auto& [name, value] : response.headers) {
        head.insert(harmless_header(name), harmless_header(value));
    }
    head.keep_alive(keep_alive);
    head.content_length(response.body.size());
    return head;
}

/// The share of max_all_bodies that one request holds.
class Share {
  public:
    explicit Share(std::shared_ptr<HttpService> service) : service_(std::move(service)) {}
    ~Share() { service_->body_bytes -= bytes_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    bool take(std::uint64_t wanted) {
        if (service_->body_bytes + wanted > service_->limits.max_all_bodies) return false;
        service_->body_bytes += wanted;
        bytes_ = wanted;
        return true;
    }

  private:
    std::shared_ptr<HttpService> service_;
    std::uint64_t bytes_ = 0;
};

/// Returns when the client has gone away. One that has sent its next request already cannot be
/// watched, since its end would stand behind those bytes: then this waits until it is cancelled.
Async<void> until_client_is_gone(tcp::socket* socket) {
    const auto [error] = co_await socket->async_wait(tcp::socket::wait_read, as_result);
    if (error) co_return;
    char byte = 0;
    if (::recv(socket->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) co_return;
    asio::steady_timer forever(socket->get_executor(), asio::steady_timer::time_point::max());
    co_await forever.async_wait(asio::use_awaitable);
}

class BeastConnection final : public HttpConnection {
  public:
    BeastConnection(tcp::socket socket, std::shared_ptr<HttpService> service)
        : stream_(std::move(socket)),
          service_(std::move(service)),
          buffer_(service_->limits.max_header + 2 * read_size) {
        beast::error_code ignored;
        stream_.socket().set_option(tcp::no_delay(true), ignored);
        const auto remote = stream_.socket().remote_endpoint(ignored);
        peer_ = remote.address().to_string() + ":" + std::to_string(remote.port());
    }

    void close() override { stream_.close(); }

    Async<void> serve(std::shared_ptr<HttpConnection> self) override {
        bool more = true;
        while (more && !service_->stopping) {
            if (buffer_.size() == 0) {
                stream_.expires_after(service_->limits.idle_timeout);
                const auto space = buffer_.prepare(read_size);
                const auto [error, size] = co_await stream_.async_read_some(space, as_result);
                if (error) break;
                buffer_.commit(size);
            }
            busy_ = true;
            more = co_await serve_one();
            busy_ = false;
        }
        stream_.close();
        self.reset();
    }

  private:
    /// Reads one request and answers it. Whether the connection may carry another.
    Async<bool> serve_one() {
        Parser parser;
        Share share(service_);
        const int refusal = co_await read(&parser, &share);
        if (refusal < 0) co_return false;
        if (refusal > 0) co_return co_await refuse(refusal);
        const bool keep_alive = parser.keep_alive();
        auto request = to_request(parser.release(), peer_);
        if (!request) co_return co_await refuse(400);
        const bool with_body = request->method != "HEAD";
        stream_.expires_never();
        auto response = co_await answer(std::move(*request));
        if (!response) co_return false;
        stream_.expires_after(service_->limits.write_timeout);
        const bool again = keep_alive && !service_->stopping;
        co_return co_await send(std::move(*response), again, with_body);
    }

    /// 0, or the status to refuse the request with, or -1 when the client is not there to be
    /// answered. The pointers are to the frame that awaits this.
    Async<int> read(Parser* parser, Share* share) {
        const auto& limits = service_->limits;
        parser->header_limit(limits.max_header);
        parser->body_limit(limits.max_body);
        stream_.expires_after(limits.read_timeout);
        const auto [bad_head, head] =
            co_await http::async_read_header(stream_, buffer_, *parser, as_result);
        if (bad_head) co_return status_of_refusal(bad_head);
        const auto announced = parser->content_length();
        const auto unknown = parser->chunked() ? limits.max_body : 0;
        if (!share->take(announced ? *announced : unknown)) co_return 503;
        if (beast::iequals(parser->get()[http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            const auto [error, size] =
                co_await asio::async_write(stream_, asio::buffer(go_on), as_result);
            if (error) co_return -1;
        }
        if (parser->is_done()) co_return 0;
        const auto [bad_body, body] =
            co_await http::async_read(stream_, buffer_, *parser, as_result);
        co_return bad_body ? status_of_refusal(bad_body) : 0;
    }

    /// Runs the handler until it ends, or nothing when its client went away first.
    Async<std::optional<HttpResponse>> answer(HttpRequest request) {
        const auto executor = co_await asio::this_coro::executor;
        auto group = asio::experimental::make_parallel_group(
            asio::co_spawn(executor, guarded(service_->handler, std::move(request)),
                           asio::deferred),
            asio::co_spawn(executor, until_client_is_gone(&stream_.socket()), asio::deferred));
        auto [order, error, response, watch_error] =
            co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (order[0] != 0) co_return std::nullopt;
        if (error) std::rethrow_exception(error);
        co_return std::optional<HttpResponse>(std::move(response));
    }

    /// Sends the answer. Whether the connection may carry another request.
    Async<bool> send(HttpResponse response, bool keep_alive, bool with_body) {
        using Fate = HttpResponse::Connection;
        if (response.connection == Fate::drop_before_answer) co_return false;
        keep_alive = keep_alive && response.connection == Fate::keep;
        auto head = head_of(response, keep_alive);
        if (response.connection == Fate::drop_in_the_middle) {
            std::ostringstream text;
            text << head.base() << response.body.substr(0, response.body.size() / 2);
            const auto bytes = text.str();
            co_await asio::async_write(stream_, asio::buffer(bytes), as_result);
            co_return false;
        }
        if (!with_body) {
            const auto [error, size] = co_await http::async_write(stream_, head, as_result);
            co_return !error && keep_alive;
        }
        if (response.pause_in_the_middle > Duration(0))
            co_return co_await send_with_pause(std::move(head), std::move(response), keep_alive);
        http::response<http::string_body> full(std::move(head.base()), std::move(response.body));
        const auto [error, size] = co_await http::async_write(stream_, full, as_result);
        co_return !error && keep_alive;
    }

    /// Sends half of the body, and the rest after the pause.
    Async<bool> send_with_pause(http::response<http::empty_body> head, HttpResponse response,
                                bool keep_alive) {
        std::ostringstream text;
        text << head.base() << response.body;
        const auto bytes = text.str();
        const auto rest = response.body.size() - response.body.size() / 2;
        const auto first = asio::buffer(bytes, bytes.size() - rest);
        const auto [broken, sent] = co_await asio::async_write(stream_, first, as_result);
        if (broken) co_return false;
        stream_.expires_never();
        asio::steady_timer pause(stream_.get_executor(), response.pause_in_the_middle);
        const auto [cancelled] = co_await pause.async_wait(as_result);
        if (cancelled) co_return false;
        stream_.expires_after(service_->limits.write_timeout);
        const auto second = asio::buffer(bytes) + first.size();
        const auto [error, size] = co_await asio::async_write(stream_, second, as_result);
        co_return !error && keep_alive;
    }

    /// Refuses a request, then reads on for a moment: closing on unread bytes would reset the
    /// connection before the client has read why (RFC 9112 9.6). False, as nothing more comes of
    /// the connection.
    Async<bool> refuse(int status) {
        const auto reason = http::obsolete_reason(static_cast<http::status>(status));
        stream_.expires_after(time_to_read_a_refusal);
        auto response = plain_answer(status, std::string(view(reason)));
        co_await send(std::move(response), false, true);
        beast::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        for (;;) {
            buffer_.clear();
            const auto space = buffer_.prepare(read_size);
            const auto [error, size] = co_await stream_.async_read_some(space, as_result);
            if (error) co_return false;
        }
    }

    beast::tcp_stream stream_;
    std::shared_ptr<HttpService> service_;
    beast::flat_buffer buffer_;
    std::string peer_;
};

}  // namespace

std::shared_ptr<HttpConnection> HttpConnection::make(tcp::socket socket,
                                                     std::shared_ptr<HttpService> service) {
    return std::make_shared<BeastConnection>(std::move(socket), std::move(service));
}

}  // namespace mlbilling
