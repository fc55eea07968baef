#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <utility>

#include "ports/async.hpp"

namespace mlbilling::files {

/// Runs the job on the thread and comes back to the caller's loop. A cancelled caller still waits:
/// the job is short, and ends whole. The thread is the store's, which outlives its calls.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<T> on_thread(boost::asio::thread_pool& thread, std::function<T()> job) {
    auto start = [](auto handler, boost::asio::thread_pool* pool, std::function<T()> run) {
        auto loop = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
        boost::asio::post(*pool, [handler = std::move(handler), loop = std::move(loop),
                                  run = std::move(run)]() mutable {
            std::exception_ptr error;
            T value{};
            try {
                value = run();
            } catch (...) {
                error = std::current_exception();
            }
            auto executor = loop.get_executor();
            boost::asio::post(executor, [handler = std::move(handler), loop = std::move(loop),
                                         error, value = std::move(value)]() mutable {
                std::move(handler)(error, std::move(value));
            });
        });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(std::exception_ptr, T)>(
        std::move(start), boost::asio::use_awaitable, &thread, std::move(job));
}

}  // namespace mlbilling::files
