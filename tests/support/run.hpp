#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling::test {

/// Runs the coroutine on the loop until it has ended, and returns or throws what it does.
template <class T>
T run(boost::asio::io_context& loop, Async<T> work) {
    std::optional<T> result;
    std::exception_ptr error;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T value) {
        error = e;
        if (!e) result = std::move(value);
    });
    loop.restart();
    while (!result && !error && loop.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    if (!result) throw std::logic_error("the loop ran dry before the coroutine ended");
    return std::move(*result);
}

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

}  // namespace mlbilling::test
