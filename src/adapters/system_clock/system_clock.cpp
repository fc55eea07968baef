#include "adapters/system_clock/system_clock.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

namespace mlbilling {
namespace {

Async<void> wait(boost::asio::any_io_executor executor, Duration span) {
    // The steady clock counts nanoseconds: an endless span would overflow it into the past.
    const Duration longest = std::chrono::hours(24 * 365);
    boost::asio::steady_timer timer(executor, std::clamp(span, Duration::zero(), longest));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace

SystemClock::SystemClock(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

Time SystemClock::now() const {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration SystemClock::steady_now() const {
    return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Async<void> SystemClock::sleep(Duration span) { return wait(executor_, span); }

}  // namespace mlbilling
