// Messages through RabbitMQ by the adapter, which is a client of our own on the event loop, and by
// librabbitmq's own input and output on threads, in one run: each is published to `tasks`,
// confirmed, received and acknowledged by one process. Prints for both messages per second, CPU
// time, latency, and what a broker that is frozen does to them.
//   bench_broker [messages] [in flight]
#include <boost/asio/io_context.hpp>
#include <cstdlib>

#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "measurement.hpp"
#include "support/rabbitmq_server.hpp"
#include "support/run.hpp"
#include "threaded_broker.hpp"

namespace mlbilling::bench {
namespace {

namespace asio = boost::asio;

constexpr int round_trips = 1'000;

rabbitmq::Address address_of(test::RabbitmqServer& server) {
    rabbitmq::Address address;
    address.host = "127.0.0.1";
    address.port = server.port();
    address.virtual_host = server.new_virtual_host();
    return address;
}

rabbitmq::BrokerOptions options() {
    rabbitmq::BrokerOptions options;
    options.task_capacity = 10'000;
    return options;
}

void measure(Client client, test::RabbitmqServer& server, int messages, int in_flight) {
    measure_throughput(client, server.process(), messages, in_flight);
    measure_latency(client, round_trips);
    measure_frozen(client, server.process());
}

void measure_ours(test::RabbitmqServer& server, int messages, int in_flight) {
    asio::io_context loop;
    SystemRandom random;
    rabbitmq::RabbitmqBroker broker(loop.get_executor(), {address_of(server)}, options(), random);
    measure({"event loop", loop, broker, [&] { return broker.close(); }}, server, messages,
            in_flight);
}

void measure_library(test::RabbitmqServer& server, int messages, int in_flight) {
    asio::io_context loop;
    SystemRandom random;
    const auto address = address_of(server);
    {
        // Makes the queue.
        rabbitmq::RabbitmqBroker broker(loop.get_executor(), {address}, options(), random);
        (void)test::run(loop, broker.check());
        test::run(loop, broker.close());
    }
    ThreadedBroker broker(loop.get_executor(), address, {});
    measure({"librabbitmq on threads", loop, broker, [&] { return broker.close(); }}, server,
            messages, in_flight);
}

}  // namespace
}  // namespace mlbilling::bench

int main(int argc, char** argv) {
    using namespace mlbilling;
    const int messages = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int in_flight = argc > 2 ? std::atoi(argv[2]) : 64;
    test::RabbitmqServer server;
    // In turn, so that neither has the warmer broker.
    for (int round = 0; round < 3; ++round) {
        bench::measure_ours(server, messages, in_flight);
        bench::measure_library(server, messages, in_flight);
    }
}
