// The opening of a connection: greeting, login, limits, virtual host (specification,
// section 2.2.4).
#include <algorithm>

#include "adapters/rabbitmq/bytes.hpp"
#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/refused.hpp"

namespace mlbilling::rabbitmq {
namespace {

[[noreturn]] void refuse(const Address& address, const std::string& why) {
    throw Refused("RabbitMQ at " + address.name() + " refuses user " + address.user +
                  " on virtual host " + address.virtual_host + ": " + why);
}

/// Whether no later try can go better. A node that is starting, stopping or without its virtual
/// host for now closes with other codes; one with too many connections, with the same as for a
/// virtual host that does not exist, and has room again when others leave (rabbit_reader.erl).
bool is_for_good(const Answer& closing) {
    if (closing.code == AMQP_ACCESS_REFUSED) return true;
    return closing.code == AMQP_NOT_ALLOWED && closing.text.find("limit") == std::string::npos;
}

[[noreturn]] void turned_away(const Address& address, const Answer& closing) {
    if (is_for_good(closing)) refuse(address, closing.text);
    throw Unavailable("RabbitMQ at " + address.name() + " lets us in no more: " + closing.text);
}

}  // namespace

Async<void> Connection::log_in() {
    const auto greeting = co_await expect(0, AMQP_CONNECTION_START_METHOD);
    start(greeting);
    const auto proposal = co_await expect(0, AMQP_CONNECTION_TUNE_METHOD);
    if (proposal.is(AMQP_CONNECTION_CLOSE_METHOD)) turned_away(address_, proposal);
    tune(proposal);
    amqp_connection_open_t open{};
    open.virtual_host = bytes(address_.virtual_host);
    const auto opened =
        co_await call(0, AMQP_CONNECTION_OPEN_METHOD, open, AMQP_CONNECTION_OPEN_OK_METHOD);
    if (opened.is(AMQP_CONNECTION_CLOSE_METHOD)) turned_away(address_, opened);
}

void Connection::start(const Answer& greeting) {
    if (!greeting.takes_password) refuse(address_, "it takes no password (no PLAIN mechanism)");
    server_version_ = greeting.text;
    // Without these the broker neither says that it is blocked nor that a queue is gone
    // (reliability.md 2.1).
    Table capabilities;
    for (const auto* capability :
         {"authentication_failure_close", "basic.nack", "connection.blocked",
          "consumer_cancel_notify", "publisher_confirms"})
        capabilities.truth(capability, true);
    Table properties;
    properties.text("product", "mlbilling")
        .text("connection_name", options_.connection_name)
        .table("capabilities", capabilities);
    const auto secret = '\0' + address_.user + '\0' + address_.password;
    amqp_connection_start_ok_t start{};
    start.client_properties = properties.raw();
    start.mechanism = bytes("PLAIN");
    start.response = bytes(secret);
    start.locale = bytes("en_US");
    send(0, AMQP_CONNECTION_START_OK_METHOD, start);
}

void Connection::tune(const Answer& proposal) {
    amqp_connection_tune_ok_t tune{};
    tune.channel_max = 16;
    if (proposal.frame_max != 0 && proposal.frame_max < AMQP_FRAME_MIN_SIZE)
        throw Refused("RabbitMQ at " + address_.name() + " wants frames of less than 4096 bytes");
    tune.frame_max =
        proposal.frame_max == 0 ? largest_frame : std::min(proposal.frame_max, largest_frame);
    const auto wanted = std::chrono::duration_cast<std::chrono::seconds>(options_.heartbeat);
    tune.heartbeat = static_cast<std::uint16_t>(std::max<std::int64_t>(wanted.count(), 1));
    // The broker's own is a proposal; the smaller one holds, and 0 is none at all.
    if (proposal.heartbeat != 0) tune.heartbeat = std::min(tune.heartbeat, proposal.heartbeat);
    heartbeat_interval_ = std::chrono::seconds(tune.heartbeat);
    writer_.limit_frames(tune.frame_max);
    send(0, AMQP_CONNECTION_TUNE_OK_METHOD, tune);
}

}  // namespace mlbilling::rabbitmq
