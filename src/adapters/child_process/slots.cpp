#include "adapters/child_process/slots.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mlbilling::child_process {

namespace asio = boost::asio;

Async<Slots::Slot> Slots::take(std::chrono::steady_clock::time_point deadline) {
    auto self = shared_from_this();
    if (free_ > 0) {
        --free_;
        co_return Slot(std::move(self));
    }
    Waiter waiter{asio::steady_timer(co_await asio::this_coro::executor, deadline)};
    const Place place{waiting_, waiting_.insert(waiting_.end(), &waiter)};
    boost::system::error_code error;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    // A place that was granted is taken even if the call was cancelled meanwhile: only its owner
    // gives it back.
    if (waiter.granted) co_return Slot(std::move(self));
    if (error) throw boost::system::system_error(error);
    co_return Slot();
}

void Slots::give_back() {
    for (auto* waiter : waiting_) {
        if (waiter->granted) continue;
        waiter->granted = true;
        waiter->timer.cancel();
        return;
    }
    ++free_;
}

}  // namespace mlbilling::child_process
