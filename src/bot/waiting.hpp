#pragma once

#include <optional>
#include <utility>

#include "ports/event.hpp"
#include "ports/until.hpp"

namespace mlbilling::bot {

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
    auto made = co_await until(event, detail::boxed(std::move(work)));
    if (!made) co_return std::nullopt;
    co_return std::move(*made);
}

}  // namespace mlbilling::bot
