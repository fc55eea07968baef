#include "adapters/http_server/http_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "adapters/http_server/guarded_handler.hpp"
#include "adapters/http_server/response_text.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Progress = RequestReader::Progress;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto time_to_read_a_refusal = std::chrono::seconds(2);

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

}  // namespace

HttpConnection::HttpConnection(tcp::socket socket, std::shared_ptr<HttpService> service)
    : socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      service_(std::move(service)),
      reader_(service_->limits.max_header) {
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    const auto remote = socket_.remote_endpoint(ignored);
    address_ = remote.address().to_string();
    peer_ = address_ + ":" + std::to_string(remote.port());
    ++service_->open;
    enter(Phase::idle);
}

HttpConnection::~HttpConnection() { close(); }

void HttpConnection::close() {
    if (std::exchange(closed_, true)) return;
    --service_->open;
    let_go();
    boost::system::error_code ignored;
    socket_.close(ignored);
    deadline_.cancel();
}

void HttpConnection::enter(Phase phase) {
    phase_ = phase;
    since_ = ++service_->phases;
}

/// Closes the connection when the time is over, unless another time is set before.
void HttpConnection::expires_after(Duration span) {
    deadline_.expires_after(span);
    deadline_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (error || !self) return;
        // The time may have been set anew while this was on its way.
        if (self->deadline_.expiry() <= std::chrono::steady_clock::now()) self->close();
    });
}

Async<void> HttpConnection::serve(std::shared_ptr<HttpConnection> self) {
    while (!closed_ && !service_->stopping && co_await serve_one()) let_go();
    close();
    self.reset();
}

/// Reads one request and answers it. Whether the connection may carry another.
Async<bool> HttpConnection::serve_one() {
    const auto reading = co_await read();
    half_read_ = false;
    if (reading == Reading::gone) co_return false;
    if (reading == Reading::refused) co_return co_await refuse();
    co_return co_await answer();
}

Async<HttpConnection::Reading> HttpConnection::read() {
    const auto& limits = service_->limits;
    const bool idle = reader_.is_idle();
    enter(idle ? Phase::idle : Phase::reading);
    expires_after(idle ? limits.idle_timeout : limits.read_timeout);
    head_only_ = false;
    for (;;) {
        const auto progress = reader_.advance();
        if (!hold_body()) co_return Reading::refused;
        if (progress == Progress::complete) co_return Reading::complete;
        if (progress == Progress::refused) {
            refuse_with(reader_.refusal());
            co_return Reading::refused;
        }
        const bool is_head = progress == Progress::head;
        const bool goes_on = is_head ? co_await admit() : co_await await_more();
        if (!goes_on) co_return refusal_ ? Reading::refused : Reading::gone;
    }
}

/// Waits for more bytes and hands them to the reader. False when none will come.
Async<bool> HttpConnection::receive() {
    for (;;) {
        const auto [failed] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
        if (failed || closed_) co_return false;
        auto& space = service_->received;
        const auto size = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (size <= 0) co_return false;
        reader_.feed({space.data(), static_cast<std::size_t>(size)});
        co_return true;
    }
}

Async<bool> HttpConnection::await_more() {
    if (!co_await receive()) co_return false;
    if (phase_ != Phase::idle) co_return true;
    enter(Phase::reading);
    expires_after(service_->limits.read_timeout);
    co_return true;
}

/// Asks the gate before anything of the body is read. False when the request goes no further.
Async<bool> HttpConnection::admit() {
    auto head = reader_.request();
    head_only_ = head.method == "HEAD";
    if (head_only_) head.method = "GET";
    head.peer = peer_;
    auto admission = guarded(service_->gate, head);
    if (admission.refusal) {
        refusal_ = std::move(admission.refusal);
        co_return false;
    }
    reader_.take_body(std::min(admission.max_body, service_->limits.max_body));
    if (!reader_.has_body() || reader_.refusal() != 0) co_return true;
    half_read_ = true;
    service_->bound_half_read(*this);
    if (!reader_.waits_for_continue()) co_return true;
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_return co_await write(go_on, {});
}

/// Counts what has come of the body. False when there is no room for it.
bool HttpConnection::hold_body() {
    auto& all = service_->body_bytes;
    all += reader_.body_size() - held_;
    held_ = reader_.body_size();
    while (held_ > 0 && all > service_->limits.max_all_bodies)
        if (!service_->make_room_for_bytes(*this)) {
            refuse_with(503);
            return false;
        }
    return true;
}

void HttpConnection::let_go() { service_->body_bytes -= std::exchange(held_, 0); }

void HttpConnection::refuse_with(int status) {
    refusal_ = plain_answer(status, std::string(reason_of(status)));
}

Async<bool> HttpConnection::answer() {
    const bool keep_alive = reader_.keep_alive();
    auto request = reader_.take();
    if (head_only_) request.method = "GET";
    request.peer = peer_;
    enter(Phase::answering);
    deadline_.expires_at(asio::steady_timer::time_point::max());
    auto response = co_await handle(std::move(request));
    if (!response) co_return false;
    const bool again = keep_alive && !service_->stopping;
    co_return co_await send(std::move(*response), again, !head_only_);
}

/// Runs the handler until it ends, or nothing when its client went away first.
Async<std::optional<HttpResponse>> HttpConnection::handle(HttpRequest request) {
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, guarded(service_->handler, std::move(request)), asio::deferred),
        asio::co_spawn(executor, until_client_is_gone(&socket_), asio::deferred));
    auto [order, error, response, watch_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] != 0) co_return std::nullopt;
    if (error) std::rethrow_exception(error);
    co_return std::optional<HttpResponse>(std::move(response));
}

/// Sends the answer. Whether the connection may carry another request.
Async<bool> HttpConnection::send(HttpResponse response, bool keep_alive, bool with_body) {
    using Fate = HttpResponse::Connection;
    if (response.connection == Fate::drop_before_answer) co_return false;
    enter(Phase::sending);
    expires_after(service_->limits.write_timeout);
    keep_alive = keep_alive && response.connection == Fate::keep;
    auto text = head_text(response, keep_alive);
    const auto half = response.body.size() / 2;
    if (response.connection == Fate::drop_in_the_middle) {
        co_await write(text, std::string_view(response.body).substr(0, half));
        co_return false;
    }
    if (!with_body) response.body.clear();
    if (with_body && response.pause_in_the_middle > Duration(0)) {
        const auto rest = response.body.size() - half;
        text += response.body;
        auto sent = send_with_pause(std::move(text), rest, response.pause_in_the_middle);
        co_return co_await std::move(sent) && keep_alive;
    }
    co_return co_await write(text, response.body) && keep_alive;
}

/// Sends all but the rest, and that after the pause. False when the client is gone.
Async<bool> HttpConnection::send_with_pause(std::string text, std::size_t rest, Duration span) {
    const auto all = std::string_view(text);
    if (!co_await write(all.substr(0, all.size() - rest), {})) co_return false;
    deadline_.expires_at(asio::steady_timer::time_point::max());
    asio::steady_timer pause(socket_.get_executor(), span);
    const auto [cancelled] = co_await pause.async_wait(as_result);
    if (cancelled || closed_) co_return false;
    expires_after(service_->limits.write_timeout);
    co_return co_await write(all.substr(all.size() - rest), {});
}

Async<bool> HttpConnection::write(std::string_view first, std::string_view second) {
    const std::array buffers{asio::buffer(first), asio::buffer(second)};
    const auto [error, size] = co_await asio::async_write(socket_, buffers, as_result);
    co_return !error && !closed_;
}

/// Answers what goes no further. A connection of which bytes may still come then is read for a
/// moment: closing on unread bytes would reset it before the client has read why (RFC 9112 9.6).
/// Whether the connection may carry another request.
Async<bool> HttpConnection::refuse() {
    auto response = *std::exchange(refusal_, std::nullopt);
    let_go();
    if (reader_.refusal() == 0 && !reader_.has_body()) {
        reader_.take_body(0);
        reader_.advance();
        reader_.take();
        const bool again = reader_.keep_alive() && !service_->stopping;
        co_return co_await send(std::move(response), again, !head_only_);
    }
    co_await send(std::move(response), false, !head_only_);
    if (closed_) co_return false;
    expires_after(time_to_read_a_refusal);
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    auto& space = service_->received;
    for (;;) {
        const auto [error] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
        if (error || closed_) co_return false;
        const auto size = ::recv(socket_.native_handle(), space.data(), space.size(), MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) co_return false;
    }
}

}  // namespace mlbilling
