#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling {

/// Runs `work` until it has ended or `stop` returns. Nothing when it was cut off; what it made in
/// the same moment all the same is kept, unlike with `within`. Its exceptions and stop's pass
/// through. Both have ended when this returns.
template <class T>
Async<std::optional<T>> until(Async<bool> stop, Async<T> work) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(work), asio::deferred),
        asio::co_spawn(executor, std::move(stop), asio::deferred));
    auto [order, work_error, value, stop_error, stopped] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (!work_error) co_return std::optional<T>(std::move(value));
    if (order[0] == 0) std::rethrow_exception(work_error);
    if (stop_error) std::rethrow_exception(stop_error);
    co_return std::nullopt;
}

}  // namespace mlbilling
