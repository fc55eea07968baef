#include "main/process_life.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "base/log.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {

namespace asio = boost::asio;

int ProcessLife::run(Async<void> work, std::function<void()> drain) {
    watch(drain_on_signal(std::move(drain)));
    watch(enforce_shutdown_timeout());
    run_to_end(loop_, std::move(work));
    if (failure_) std::rethrow_exception(failure_);
    log::info("drained", {});
    return 0;
}

void ProcessLife::watch(Async<void> watcher) {
    asio::co_spawn(loop_, std::move(watcher), [this](std::exception_ptr error) {
        if (!error) return;
        failure_ = error;
        loop_.stop();
    });
}

Async<void> ProcessLife::drain_on_signal(std::function<void()> drain) {
    asio::signal_set signals(loop_, SIGTERM, SIGINT);
    co_await signals.async_wait(asio::use_awaitable);
    log::info("draining", {});
    ending_.set();
    drain();
    co_await signals.async_wait(asio::use_awaitable);
    std::_Exit(1);
}

Async<void> ProcessLife::enforce_shutdown_timeout() {
    co_await ending_.wait();
    co_await clock_.sleep(shutdown_timeout_);
    log::error("not drained in time; what is left runs again after the next start", {});
    std::_Exit(1);
}

}  // namespace mlbilling
