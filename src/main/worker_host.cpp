#include "main/worker_host.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace mlbilling {

namespace asio = boost::asio;

namespace {

/// How long the chat page shows that there is no worker before the next one starts.
constexpr Duration restart_after{2'000};

}  // namespace

WorkerHost::WorkerHost(asio::io_context& loop, inprocess::InProcessBroker& broker, Clock& clock,
                       MakeWorker make_worker)
    : loop_(loop), broker_(broker), clock_(clock), make_worker_(std::move(make_worker)) {}

Async<void> WorkerHost::run() {
    while (!stopping_) {
        worker_ = make_worker_();
        life_ = std::make_unique<asio::cancellation_signal>();
        Event ended;
        std::exception_ptr failure;
        asio::co_spawn(loop_, worker_->run(),
                       asio::bind_cancellation_slot(life_->slot(),
                                                    [&ended, &failure](std::exception_ptr error) {
                                                        failure = error;
                                                        ended.set();
                                                    }));
        co_await ended.wait();
        worker_.reset();
        if (failure && !std::exchange(killed_, false)) std::rethrow_exception(failure);
        if (stopping_) break;
        broker_.return_unacknowledged();
        log::warning("the worker was ended in mid-task; a new one starts", {});
        co_await clock_.sleep(restart_after);
    }
}

void WorkerHost::stop() {
    stopping_ = true;
    if (worker_) worker_->stop();
}

int WorkerHost::kill() {
    if (!worker_) return 0;
    const int in_flight = worker_->in_flight();
    killed_ = true;
    life_->emit(asio::cancellation_type::terminal);
    return in_flight;
}

}  // namespace mlbilling
