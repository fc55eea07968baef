#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "ports/broker.hpp"

namespace mlbilling::bench {

/// A way to use RabbitMQ, on its loop; `close` takes leave of the broker.
struct Client {
    std::string name;
    boost::asio::io_context& loop;
    Broker& broker;
    std::function<Async<void>()> close;
};

/// Publishes, confirms, receives and acknowledges that many, so many at a time; prints messages per
/// second and CPU time.
void measure_throughput(Client& client, pid_t server, int messages, int in_flight);
/// From the call that publishes a message until it has come back, one at a time.
void measure_latency(Client& client, int messages);
/// With more sent to a broker that does nothing any more than the sockets take: how long the loop
/// comes to nothing else, and how long the client's close then takes.
void measure_frozen(Client& client, pid_t server);

}  // namespace mlbilling::bench
