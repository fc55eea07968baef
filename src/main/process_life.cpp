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

namespace {

void must_not_fail(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

int ProcessLife::run(Async<void> work, std::function<void()> drain) {
    asio::co_spawn(loop_, drain_on_signal(std::move(drain)), must_not_fail);
    asio::co_spawn(loop_, enforce_shutdown_timeout(), must_not_fail);
    run_to_end(loop_, std::move(work));
    log::info("drained", {});
    return 0;
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
