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
#include "ports/clock.hpp"
#include "ports/deadline.hpp"
#include "ports/event.hpp"

namespace mlbilling::bot {

/// Waits for the event, at most for the span. Whether it was set.
inline Async<bool> set_within(Clock& clock, Duration span, Event event) {
    if (event.is_set()) co_return true;
    co_return (co_await within(clock, span, event.wait())).has_value();
}

namespace detail {
// co_spawn wants a result that can be made from nothing.
template <class T>
Async<std::optional<T>> boxed(Async<T> work) {
    co_return std::optional<T>(co_await std::move(work));
}
}  // namespace detail

/// What the work returns or throws; nothing when the event was set first and the work was cut off. The work
/// has ended, finished or cancelled, when this returns.
template <class T>
Async<std::optional<T>> unless_set(Event event, Async<T> work) {
    namespace asio = boost::asio;
    if (event.is_set()) co_return std::nullopt;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, detail::boxed(std::move(work)), asio::deferred),
        asio::co_spawn(executor, event.wait(), asio::deferred));
    auto [order, work_error, value, event_error, set] = co_await group.async_wait(
        asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 0) {
        if (work_error) std::rethrow_exception(work_error);
        co_return std::move(value);
    }
    if (event_error) std::rethrow_exception(event_error);
    co_return std::nullopt;
}

}  // namespace mlbilling::bot
