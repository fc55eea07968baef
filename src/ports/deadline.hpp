#pragma once

#include <boost/asio/this_coro.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "ports/clock.hpp"
#include "ports/cut_off.hpp"

namespace mlbilling {

/// Runs `work` for at most `span` of the clock's time. Nothing when it was cut off; its exceptions
/// pass through. The work has ended, finished or cancelled, when this returns.
template <class T>
// The clock outlives the loop, as every port does.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<std::optional<T>> within(Clock& clock, Duration span, Async<T> work) {
    namespace asio = boost::asio;
    CutOff cut_off(co_await asio::this_coro::cancellation_state);
    const auto alarm = clock.ring_after(span, [&cut_off] { cut_off.cut(); });
    auto [error, value] = co_await cut_off.run(co_await asio::this_coro::executor, std::move(work));
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cut_off.was_cut() && cancelled == asio::cancellation_type::none) co_return std::nullopt;
    if (error) std::rethrow_exception(error);
    co_return std::optional<T>(std::move(value));
}

}  // namespace mlbilling
