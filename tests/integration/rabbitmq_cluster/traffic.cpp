#include "traffic.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <iterator>

#include "base/unavailable.hpp"

namespace mlbilling::test {
namespace {

namespace asio = boost::asio;

constexpr int at_once = 8;

void must_not_fail(const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
}

/// Before the next try, as everybody in the service does.
Async<void> breathe() {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(20));
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

void Traffic::start() {
    for (int i = 0; i < at_once; ++i) {
        asio::co_spawn(loop_, publish(), must_not_fail);
        asio::co_spawn(loop_, receive(), must_not_fail);
    }
}

void Traffic::run_until(const std::function<bool()>& so) {
    loop_.restart();
    while (!so()) loop_.run_one();
}

std::size_t Traffic::confirmed_since(std::size_t first) const {
    return static_cast<std::size_t>(std::distance(confirmed_.lower_bound(first), confirmed_.end()));
}

bool Traffic::is_all_received() const {
    return under_way_ == 0 && std::ranges::includes(received_, confirmed_);
}

Async<void> Traffic::publish() {
    while (publishing_) {
        bool down = false;
        ++under_way_;
        try {
            co_await publish_one();
        } catch (const Unavailable&) {
            down = true;
        }
        --under_way_;
        if (down) co_await breathe();
    }
}

Async<void> Traffic::publish_one() {
    const auto number = begun_++;
    Message message;
    message.message_id = message.correlation_id = message.body = std::to_string(number);
    const auto fate = co_await broker_.publish(task_queue(), std::move(message));
    if (fate == Published::confirmed)
        confirmed_.insert(number);
    else
        co_await breathe();
}

Async<void> Traffic::receive() {
    for (;;) {
        bool down = false;
        try {
            co_await receive_one();
        } catch (const Unavailable&) {
            down = true;
        }
        if (down) co_await breathe();
    }
}

Async<void> Traffic::receive_one() {
    const auto received = co_await broker_.receive(task_queue());
    received_.insert(std::stoul(received.message.body));
    co_await broker_.acknowledge(received.receipt);
}

}  // namespace mlbilling::test
