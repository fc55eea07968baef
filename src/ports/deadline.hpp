#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "ports/clock.hpp"

namespace mlbilling {

/// Runs `work` for at most `span` of the clock's time. Nothing when it was cut off; its exceptions
/// pass through. The work has ended, finished or cancelled, when this returns.
template <class T>
// The clock outlives the loop, as every port does.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<std::optional<T>> within(Clock& clock, Duration span, Async<T> work) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(work), asio::deferred),
        asio::co_spawn(executor, clock.sleep(span), asio::deferred));
    auto [order, work_error, value, sleep_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 0) {
        if (work_error) std::rethrow_exception(work_error);
        co_return std::optional<T>(std::move(value));
    }
    if (sleep_error) std::rethrow_exception(sleep_error);
    co_return std::nullopt;
}

}  // namespace mlbilling
