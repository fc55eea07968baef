#include "measurement.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <vector>

#include "base/unavailable.hpp"

namespace mlbilling::bench {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

struct Run {
    Broker& broker;
    int messages = 0;
    int published = 0;
    int received = 0;
};

Message message(int number, std::string text) {
    Message message;
    message.message_id = message.correlation_id = "123456789_" + std::to_string(number);
    message.reply_to = "replies.bench";
    message.body = R"({"user_id":123456789,"type":"text","task_id":")" + message.message_id +
                   R"(","data":")" + std::move(text) + "\"}";
    return message;
}

Async<void> publish(Run* run) {
    while (run->published < run->messages) {
        const int number = run->published++;
        auto task = message(number, "Hello, world, how are you?");
        if (co_await run->broker.publish(task_queue(), std::move(task)) != Published::confirmed)
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

Async<void> one_at_a_time(Broker* broker, int messages, std::vector<double>* took) {
    for (int i = 0; i < messages; ++i) {
        const auto began = Clock::now();
        auto task = message(i, "Hello");
        co_await broker->publish(task_queue(), std::move(task));
        const auto received = co_await broker->receive(task_queue());
        took->push_back(Milliseconds(Clock::now() - began).count());
        co_await broker->acknowledge(received.receipt);
    }
}

Async<void> publish_in_vain(Broker* broker, int number) {
    try {
        auto task = message(number, std::string(100'000, 'x'));
        co_await broker->publish(task_queue(), std::move(task));
    } catch (const Unavailable&) {
        // That is what is measured.
    }
}

/// Notes the longest time in which the loop did not come to it.
Async<void> watch_loop(double* longest_gap) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (auto last = Clock::now();; last = Clock::now()) {
        timer.expires_after(std::chrono::milliseconds(1));
        co_await timer.async_wait(asio::use_awaitable);
        *longest_gap = std::max(*longest_gap, Milliseconds(Clock::now() - last).count());
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

/// Runs the loop until the work has ended.
void finish(asio::io_context& loop, Async<void> work) {
    bool ended = false;
    asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
        ended = true;
    });
    loop.restart();
    while (!ended) loop.run_one();
}

}  // namespace

void measure_throughput(Client& client, pid_t server, int messages, int in_flight) {
    Run run{client.broker, messages};
    const auto own = own_cpu();
    const auto brokers = cpu_of(server);
    const auto began = Clock::now();
    int running = 0;
    const auto ended = [&](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
        --running;
    };
    for (int i = 0; i < in_flight; ++i, ++running)
        asio::co_spawn(client.loop, publish(&run), ended);
    // One is enough to keep up, and ends with the last message.
    asio::co_spawn(client.loop, receive(&run), ended);
    ++running;
    client.loop.restart();
    while (running > 0) client.loop.run_one();
    const std::chrono::duration<double> took = Clock::now() - began;
    const double thousands = messages / 1000.0;
    std::cout << client.name << ": " << messages / took.count()
              << " messages/s; CPU ms per 1000 messages: " << (own_cpu() - own) * 1000 / thousands
              << " ours, " << (cpu_of(server) - brokers) * 1000 / thousands << " RabbitMQ's\n"
              << std::flush;
}

void measure_latency(Client& client, int messages) {
    std::vector<double> took;
    finish(client.loop, one_at_a_time(&client.broker, messages, &took));
    std::ranges::sort(took);
    std::cout << client.name << ": one message at a time: p50 " << took[took.size() / 2]
              << " ms, p99 " << took[took.size() * 99 / 100] << " ms\n"
              << std::flush;
}

void measure_frozen(Client& client, pid_t server) {
    constexpr int messages = 300;
    double longest_gap = 0;
    kill(server, SIGSTOP);
    asio::co_spawn(client.loop, watch_loop(&longest_gap), asio::detached);
    for (int i = 0; i < messages; ++i)
        asio::co_spawn(client.loop, publish_in_vain(&client.broker, i), asio::detached);
    client.loop.restart();
    client.loop.run_for(std::chrono::seconds(3));
    const auto began = Clock::now();
    finish(client.loop, client.close());
    const std::chrono::duration<double> took = Clock::now() - began;
    kill(server, SIGCONT);
    std::cout << client.name << ": broker frozen: the loop was away for " << longest_gap
              << " ms at most; closed after " << took.count() << " s\n"
              << std::flush;
}

}  // namespace mlbilling::bench
