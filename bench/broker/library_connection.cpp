#include "library_connection.hpp"

#include <amqp_tcp_socket.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "adapters/rabbitmq/bytes.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::bench {
namespace {

timeval seconds(int count) { return {count, 0}; }

[[noreturn]] void fail(const std::string& what, int status) {
    throw Unavailable(what + ": " + amqp_error_string2(status));
}

}  // namespace

LibraryConnection::LibraryConnection(const rabbitmq::Address& address,
                                     std::chrono::seconds heartbeat)
    : connection_(amqp_new_connection()) {
    auto* socket = amqp_tcp_socket_new(connection_);
    auto longest = seconds(5);
    amqp_set_handshake_timeout(connection_, &longest);
    amqp_set_rpc_timeout(connection_, &longest);
    const int opened =
        amqp_socket_open_noblock(socket, address.host.c_str(), address.port, &longest);
    if (opened != AMQP_STATUS_OK) fail("cannot reach the broker", opened);
    rabbitmq::Table capabilities;
    for (const auto* name :
         {"basic.nack", "connection.blocked", "consumer_cancel_notify", "publisher_confirms"})
        capabilities.truth(name, true);
    rabbitmq::Table properties;
    properties.table("capabilities", capabilities);
    const auto table = properties.raw();
    const auto login = amqp_login_with_properties(
        connection_, address.virtual_host.c_str(), 0, 131'072, static_cast<int>(heartbeat.count()),
        &table, AMQP_SASL_METHOD_PLAIN, address.user.c_str(), address.password.c_str());
    if (login.reply_type != AMQP_RESPONSE_NORMAL) throw Unavailable("the broker refuses us");
    amqp_channel_open(connection_, 1);
    check_answer();
}

LibraryConnection::~LibraryConnection() { amqp_destroy_connection(connection_); }

void LibraryConnection::check_answer() {
    if (amqp_get_rpc_reply(connection_).reply_type != AMQP_RESPONSE_NORMAL)
        throw Unavailable("the broker refused a request");
}

void LibraryConnection::wait(int event, std::chrono::milliseconds longest) {
    // What the library holds already is not seen by poll().
    const bool ready = amqp_frames_enqueued(connection_) || amqp_data_in_buffer(connection_);
    std::array<pollfd, 2> watched{pollfd{amqp_get_sockfd(connection_), POLLIN, 0},
                                  pollfd{event, POLLIN, 0}};
    poll(watched.data(), watched.size(), ready ? 0 : static_cast<int>(longest.count()));
    eventfd_t ignored = 0;
    if ((watched[1].revents & POLLIN) != 0) eventfd_read(event, &ignored);
}

void LibraryConnection::read_all(const std::function<void(const amqp_frame_t&)>& take) {
    for (;;) {
        amqp_frame_t frame{};
        timeval at_once{0, 0};
        const int status = amqp_simple_wait_frame_noblock(connection_, &frame, &at_once);
        if (status == AMQP_STATUS_TIMEOUT) return;
        if (status != AMQP_STATUS_OK) fail("the connection broke", status);
        take(frame);
        amqp_maybe_release_buffers(connection_);
    }
}

void LibraryConnection::call(const std::function<int()>& work) {
    entered_ = Clock::now().time_since_epoch().count();
    const int status = work();
    entered_ = 0;
    if (status != AMQP_STATUS_OK) fail("the connection broke", status);
}

std::chrono::milliseconds LibraryConnection::stuck_for() const {
    const auto entered = entered_.load();
    if (entered == 0) return std::chrono::milliseconds(0);
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch() -
                                                                 Clock::duration(entered));
}

void LibraryConnection::cut() { shutdown(amqp_get_sockfd(connection_), SHUT_RDWR); }

}  // namespace mlbilling::bench
