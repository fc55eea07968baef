#include "raw_client.hpp"

#include <amqp_tcp_socket.h>

#include <stdexcept>

namespace mlbilling::test {
namespace {

amqp_bytes_t bytes(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};
}
std::string text(amqp_bytes_t bytes) { return {static_cast<const char*>(bytes.bytes), bytes.len}; }

}  // namespace

RawClient::RawClient(std::uint16_t port, const std::string& virtual_host)
    : connection_(amqp_new_connection()) {
    auto* socket = amqp_tcp_socket_new(connection_);
    if (amqp_socket_open(socket, "127.0.0.1", port) != AMQP_STATUS_OK)
        throw std::runtime_error("the broker cannot be reached");
    check(amqp_login(connection_, virtual_host.c_str(), 0, 131072, 0, AMQP_SASL_METHOD_PLAIN,
                     "guest", "guest"));
    amqp_channel_open(connection_, 1);
    check(amqp_get_rpc_reply(connection_));
    amqp_confirm_select(connection_, 1);
    check(amqp_get_rpc_reply(connection_));
}

RawClient::~RawClient() { amqp_destroy_connection(connection_); }

void RawClient::declare(const std::string& queue) {
    amqp_queue_declare(connection_, 1, bytes(queue), 0, 1, 0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(connection_));
}

void RawClient::remove(const std::string& queue) {
    amqp_queue_delete(connection_, 1, bytes(queue), 0, 0);
    check(amqp_get_rpc_reply(connection_));
}

void RawClient::publish(const std::string& queue, const std::string& body) {
    if (amqp_basic_publish(connection_, 1, amqp_empty_bytes, bytes(queue), 0, 0, nullptr,
                           bytes(body)) != AMQP_STATUS_OK)
        throw std::runtime_error("publish failed");
    // A broker forgets what it has not yet routed when its publisher is gone.
    amqp_frame_t frame{};
    if (amqp_simple_wait_frame(connection_, &frame) != AMQP_STATUS_OK ||
        frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
        throw std::runtime_error("the broker did not confirm");
    amqp_maybe_release_buffers(connection_);
}

std::map<std::string, std::string> RawClient::headers_of_next(const std::string& queue) {
    amqp_rpc_reply_t got{};
    do check(got = amqp_basic_get(connection_, 1, bytes(queue), 1));
    while (got.reply.id == AMQP_BASIC_GET_EMPTY_METHOD);
    amqp_message_t message{};
    check(amqp_read_message(connection_, 1, &message, 0));
    std::map<std::string, std::string> headers;
    for (int i = 0; i < message.properties.headers.num_entries; ++i) {
        const auto& entry = message.properties.headers.entries[i];
        if (entry.value.kind == AMQP_FIELD_KIND_UTF8)
            headers[text(entry.key)] = text(entry.value.value.bytes);
    }
    amqp_destroy_message(&message);
    return headers;
}

void RawClient::check(const amqp_rpc_reply_t& reply) const {
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) throw std::runtime_error("the broker refused");
}

}  // namespace mlbilling::test
