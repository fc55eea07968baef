#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling::test {

/// Runs the coroutine on the loop until it has ended, and throws what it does.
inline void run(boost::asio::io_context& loop, Async<void> work) {
    bool done = false;
    std::exception_ptr error;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e) {
        done = true;
        error = e;
    });
    loop.restart();
    while (!done && loop.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    if (!done) throw std::logic_error("the loop ran dry before the coroutine ended");
}

/// co_spawn needs a default value beside an exception; not every result has one. The caller, who
/// has the result, waits.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<void> keep(std::optional<T>& result, Async<T> work) {
    result.emplace(co_await std::move(work));
}

/// The same for a coroutine with a result.
template <class T>
T run(boost::asio::io_context& loop, Async<T> work) {
    std::optional<T> result;
    run(loop, keep(result, std::move(work)));
    return std::move(*result);
}

}  // namespace mlbilling::test
