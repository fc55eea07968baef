#pragma once

#include <optional>
#include <utility>

#include "ports/clock.hpp"
#include "ports/deadline.hpp"
#include "ports/event.hpp"
#include "ports/until.hpp"

namespace mlbilling::bot {

/// Waits for the event, at most for the span. Whether it was set.
// The clock outlives the loop, as every port does.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
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

/// What the work returns or throws; nothing when the event was set first and the work was cut off.
/// The work has ended, finished or cancelled, when this returns.
template <class T>
Async<std::optional<T>> unless_set(Event event, Async<T> work) {
    if (event.is_set()) co_return std::nullopt;
    auto made = co_await until(event.wait(), detail::boxed(std::move(work)));
    if (!made) co_return std::nullopt;
    co_return std::move(*made);
}

}  // namespace mlbilling::bot
