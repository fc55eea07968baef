#include "adapters/child_process/child_process.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "adapters/child_process/slots.hpp"
#include "adapters/child_process/spawn.hpp"
#include "adapters/child_process/supervision.hpp"

namespace mlbilling::child_process {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using Moment = std::chrono::steady_clock::time_point;

/// Ends when the child has been reaped, also when it is cancelled: then with operation_aborted.
Async<ChildResult> watched(std::shared_ptr<Supervision> supervision, Moment deadline) {
    const auto begin = [](auto handler, std::shared_ptr<Supervision> child, Moment until) {
        using Handler = decltype(handler);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(child)](asio::cancellation_type) {
                if (const auto alive = weak.lock()) alive->cancel();
            });
        }
        // std::function wants to copy, an awaiting coroutine can only move.
        auto shared = std::make_shared<Handler>(std::move(handler));
        child->watch(until, [shared](error_code error, ChildResult result) {
            asio::post(asio::get_associated_executor(*shared),
                       [shared, error, result = std::move(result)]() mutable {
                           std::move (*shared)(error, std::move(result));
                       });
        });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(error_code, ChildResult)>(
        begin, asio::use_awaitable, std::move(supervision), deadline);
}

}  // namespace

ChildProcesses::ChildProcesses(int most_at_once, Landlock landlock)
    : slots_(std::make_shared<Slots>(most_at_once)), landlock_(landlock) {
    // An ignored SIGCHLD, inherited from whoever started us, would have the kernel reap our
    // children behind our back.
    struct sigaction current{};
    if (sigaction(SIGCHLD, nullptr, &current) == 0 && current.sa_handler == SIG_IGN) {
        std::signal(SIGCHLD, SIG_DFL);
    }
}

Async<ChildResult> ChildProcesses::run(ChildCommand command) {
    const auto deadline = std::chrono::steady_clock::now() + command.limits.deadline;
    const std::string path = find_program(command.program);
    if (path.empty()) co_return ChildResult{.end = ChildEnd::program_missing};
    const auto slot = co_await slots_->take(deadline);
    if (!slot) co_return ChildResult{.end = ChildEnd::timed_out};
    const auto executor = co_await asio::this_coro::executor;
    auto supervision = std::make_shared<Supervision>(executor, path, command, landlock_);
    // The child has its own copy by now.
    command = {};
    co_return co_await watched(std::move(supervision), deadline);
}

}  // namespace mlbilling::child_process
