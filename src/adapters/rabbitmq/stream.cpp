#include "adapters/rabbitmq/stream.hpp"

#include <netinet/tcp.h>
#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>

#include "adapters/rabbitmq/refused.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::rabbitmq {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

void check_file(const error_code& error, const std::string& file) {
    if (error) throw Refused("cannot use " + file + " for amqps: " + error.message());
}

void trust(ssl::context& context, const Address& address) {
    error_code error;
    if (address.authority_file.empty())
        context.set_default_verify_paths(error);
    else
        context.load_verify_file(address.authority_file, error);
    check_file(error, address.authority_file.empty() ? "the system's certificates"
                                                     : address.authority_file);
}

void identify(ssl::context& context, const Address& address) {
    if (address.certificate_file.empty()) return;
    error_code error;
    context.use_certificate_chain_file(address.certificate_file, error);
    check_file(error, address.certificate_file);
    context.use_private_key_file(address.key_file, ssl::context::pem, error);
    check_file(error, address.key_file);
}

}  // namespace

TlsContext make_tls_context(const Address& address) {
    if (!address.tls) return nullptr;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(ssl::verify_peer);
    trust(*context, address);
    identify(*context, address);
    return context;
}

Stream::Stream(const asio::any_io_executor& loop, Address address, TlsContext tls,
               Duration longest_silence)
    : address_(std::move(address)),
      tls_(std::move(tls)),
      longest_silence_(longest_silence),
      resolver_(loop),
      socket_(loop) {}

Async<void> Stream::connect() {
    co_await reach();
    if (tls_) co_await secure();
}

void Stream::close() {
    closed_ = true;
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
}

Async<void> Stream::reach() {
    error_code error;
    const auto found =
        co_await resolver_.async_resolve(address_.host, std::to_string(address_.port),
                                         asio::redirect_error(asio::use_awaitable, error));
    // A closed socket would be opened again by connecting it.
    if (!error && closed_) error = asio::error::operation_aborted;
    if (!error)
        co_await asio::async_connect(socket_, found,
                                     asio::redirect_error(asio::use_awaitable, error));
    if (!error && closed_) error = asio::error::operation_aborted;
    if (error)
        throw Unavailable("cannot reach RabbitMQ at " + address_.name() + ": " + error.message());
    set_socket_options();
}

void Stream::set_socket_options() {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    const int milliseconds = static_cast<int>(longest_silence_.count());
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
                 sizeof milliseconds);
}

Async<void> Stream::secure() {
    secure_.emplace(socket_, *tls_);
    secure_->set_verify_callback(ssl::host_name_verification(address_.host));
    error_code numeric;
    asio::ip::make_address(address_.host, numeric);
    // Only names may stand in the server name indication (RFC 6066, section 3).
    if (numeric) SSL_set_tlsext_host_name(secure_->native_handle(), address_.host.c_str());
    error_code error;
    co_await secure_->async_handshake(ssl::stream_base::client,
                                      asio::redirect_error(asio::use_awaitable, error));
    if (error)
        throw Unavailable("no TLS with RabbitMQ at " + address_.name() + ": " + error.message());
}

}  // namespace mlbilling::rabbitmq
