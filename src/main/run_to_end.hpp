#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "ports/async.hpp"

namespace mlbilling {

/// Runs the loop until it is stopped or has nothing left to do. What waits for a coroutine gets its
/// exception; one that nobody waits for, of one connection, file, update or alarm, ends here: it is
/// told in one line and has ended that one thing, and the others go on.
inline void run_through(boost::asio::io_context& loop) {
    for (;;) {
        try {
            loop.run();
            return;
        } catch (const std::exception& error) {
            log::error("something failed by itself, the rest goes on",
                       {{"error", std::string_view(error.what())}});
        }
    }
}

/// Runs the loop until the work has ended, and returns what it made; its exceptions pass through.
/// What else the loop has to do stays there. Called outside the loop: for what a process does
/// before and after its life on it.
template <class T>
T run_to_end(boost::asio::io_context& loop, Async<T> work) {
    std::exception_ptr failure;
    std::optional<T> made;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error, T value) {
        failure = error;
        if (!error) made = std::move(value);
        loop.stop();
    });
    loop.restart();
    run_through(loop);
    loop.restart();
    if (failure) std::rethrow_exception(failure);
    return *std::move(made);
}

inline void run_to_end(boost::asio::io_context& loop, Async<void> work) {
    std::exception_ptr failure;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error) {
        failure = error;
        loop.stop();
    });
    loop.restart();
    run_through(loop);
    loop.restart();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace mlbilling
