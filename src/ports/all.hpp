#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>
#include <vector>

#include "ports/async.hpp"

namespace mlbilling {

/// Runs all the coroutines side by side, started in their order, until each has ended. The first
/// one that throws cancels the others, and its exception comes out; so does a cancellation of the
/// caller.
inline Async<void> all(std::vector<Async<void>> works) {
    namespace asio = boost::asio;
    if (works.empty()) co_return;
    const auto executor = co_await asio::this_coro::executor;
    using Operation =
        decltype(asio::co_spawn(executor, std::declval<Async<void>>(), asio::deferred));
    std::vector<Operation> operations;
    operations.reserve(works.size());
    for (auto& work : works)
        operations.push_back(asio::co_spawn(executor, std::move(work), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    auto [order, errors] =
        co_await group.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
    for (const auto index : order)
        if (errors[index]) std::rethrow_exception(errors[index]);
}

}  // namespace mlbilling
