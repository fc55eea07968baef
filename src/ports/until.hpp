#pragma once

#include <boost/asio/this_coro.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "ports/cut_off.hpp"
#include "ports/event.hpp"

namespace mlbilling {

/// Runs `work` until it has ended or the event is set. Nothing when it was cut off; what it made in
/// the same moment all the same is kept, unlike with `within`. Its exceptions pass through. It has
/// ended, finished or cancelled, when this returns.
template <class T>
Async<std::optional<T>> until(Event stop, Async<T> work) {
    namespace asio = boost::asio;
    const auto loop = co_await asio::this_coro::executor;
    CutOff cut_off(co_await asio::this_coro::cancellation_state);
    const Event::Call call(std::move(stop), loop, [&cut_off] { cut_off.cut(); });
    auto [error, value] = co_await cut_off.run(loop, std::move(work));
    if (!error) co_return std::optional<T>(std::move(value));
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cut_off.was_cut() && cancelled == asio::cancellation_type::none) co_return std::nullopt;
    std::rethrow_exception(error);
}

}  // namespace mlbilling
