// Messages through RabbitMQ: each is published to `tasks`, confirmed, received and acknowledged by
// one process. Prints messages per second and the process's and the broker's CPU time per 1000.
//   bench_broker [messages] [in flight]
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>

#include "adapters/rabbitmq/rabbitmq_broker.hpp"
#include "adapters/system_clock/system_random.hpp"
#include "support/rabbitmq_server.hpp"

namespace mlbilling {
namespace {

namespace asio = boost::asio;

struct Run {
    Broker& broker;
    int messages = 0;
    int published = 0;
    int received = 0;
};

Async<void> publish(Run* run) {
    while (run->published < run->messages) {
        Message message;
        message.message_id = message.correlation_id = "123456789_" + std::to_string(run->published);
        message.reply_to = "replies.bench";
        message.body = R"({"user_id":123456789,"type":"text","task_id":")" + message.message_id +
                       R"(","data":"Hello, world, how are you?"})";
        ++run->published;
        if (co_await run->broker.publish(task_queue(), std::move(message)) != Published::confirmed)
            --run->published;
    }
}

Async<void> receive(Run* run) {
    while (run->received < run->messages) {
        const auto received = co_await run->broker.receive(task_queue());
        ++run->received;
        co_await run->broker.acknowledge(received.receipt);
    }
}

double own_cpu() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double cpu_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string line((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(line.substr(line.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / 100;
}

void measure(int messages, int in_flight) {
    test::RabbitmqServer server;
    asio::io_context loop;
    SystemRandom random;
    rabbitmq::Address address;
    address.host = "127.0.0.1";
    address.port = server.port();
    address.virtual_host = server.new_virtual_host();
    rabbitmq::BrokerOptions options;
    options.task_capacity = 10'000;
    rabbitmq::RabbitmqBroker broker(loop.get_executor(), {address}, options, random);
    Run run{broker, messages};
    const auto own = own_cpu();
    const auto brokers = cpu_of(server.process());
    const auto began = std::chrono::steady_clock::now();
    int running = 0;
    const auto ended = [&](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
        if (--running == 0 || run.received >= messages) loop.stop();
    };
    for (int i = 0; i < in_flight; ++i, ++running) asio::co_spawn(loop, publish(&run), ended);
    for (int i = 0; i < 64; ++i, ++running) asio::co_spawn(loop, receive(&run), ended);
    while (run.received < messages) {
        loop.restart();
        loop.run();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const double thousands = messages / 1000.0;
    std::cout << messages / took.count()
              << " messages/s; CPU ms per 1000 messages: " << (own_cpu() - own) * 1000 / thousands
              << " ours, " << (cpu_of(server.process()) - brokers) * 1000 / thousands
              << " RabbitMQ's\n";
}

}  // namespace
}  // namespace mlbilling

int main(int argc, char** argv) {
    mlbilling::measure(argc > 1 ? std::atoi(argv[1]) : 20'000, argc > 2 ? std::atoi(argv[2]) : 64);
}
