#include "adapters/sqlite/connection_thread.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <optional>
#include <utility>

namespace mlbilling::sqlite {
namespace {

namespace asio = boost::asio;

/// All but `finish` happens on the loop, so that the coroutine is resumed by one of result and
/// cancellation, whichever comes first there; the other finds no handler any more.
template <class Handler>
class HandlerWaiter final : public Waiter {
  public:
    HandlerWaiter(Handler handler, const asio::any_io_executor& loop)
        : executor_(asio::get_associated_executor(handler, loop)),
          work_(asio::prefer(executor_, asio::execution::outstanding_work.tracked)),
          handler_(std::move(handler)) {}

    static std::shared_ptr<HandlerWaiter> make(Handler handler, const asio::any_io_executor& loop) {
        auto waiter = std::make_shared<HandlerWaiter>(std::move(handler), loop);
        auto slot = asio::get_associated_cancellation_slot(*waiter->handler_);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(waiter)](asio::cancellation_type) {
                if (const auto self = weak.lock()) self->cancel();
            });
        }
        return waiter;
    }

    void finish(std::shared_ptr<Waiter> self, std::exception_ptr error) override {
        // The last reference must go on the loop: with it the coroutine's frame may end.
        asio::post(executor_, [this, self = std::move(self), error = std::move(error)]() mutable {
            if (handler_) resume(*std::exchange(handler_, std::nullopt), std::move(error));
        });
    }

  private:
    void cancel() {
        if (!handler_) return;
        // Not at once: the slot that is being called must not be cleared under its feet.
        asio::post(executor_, [handler = *std::exchange(handler_, std::nullopt)]() mutable {
            resume(std::move(handler), std::make_exception_ptr(boost::system::system_error(
                                           asio::error::operation_aborted)));
        });
    }

    static void resume(Handler handler, std::exception_ptr error) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.clear();
        std::move(handler)(std::move(error));
    }

    /// Results are posted through this one, which does not count as work: a copy that does would be
    /// dropped on the other thread after the loop went on, and could stop it.
    asio::any_io_executor executor_;
    /// Keeps the loop running while it is waited for; dropped on the loop.
    asio::any_io_executor work_;
    std::optional<Handler> handler_;
};

}  // namespace

ConnectionThread::ConnectionThread(std::unique_ptr<Connection> database, const Clock& clock,
                                   asio::any_io_executor loop)
    : database_(std::move(database)),
      clock_(clock),
      loop_(std::move(loop)),
      thread_([this] { work(); }) {}

ConnectionThread::~ConnectionThread() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

Async<void> ConnectionThread::run(Access access, Operation operation) {
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
        [this, access, operation = std::move(operation)](auto handler) mutable {
            using Handler = std::remove_cvref_t<decltype(handler)>;
            enqueue(Job{access, std::move(operation), nullptr},
                    HandlerWaiter<Handler>::make(std::move(handler), loop_));
        },
        asio::use_awaitable);
}

void ConnectionThread::enqueue(Job job, std::shared_ptr<Waiter> waiter) {
    bool wakes = false;
    {
        const std::lock_guard lock(mutex_);
        CHECK(!stopping_);
        wakes = jobs_.empty();
        jobs_.push_back(std::move(job));
        waiters_.push_back(std::move(waiter));
    }
    // A queue with something in it has woken the thread before.
    if (wakes) changed_.notify_one();
}

void ConnectionThread::work() {
    std::vector<Job> jobs;
    std::vector<std::shared_ptr<Waiter>> waiters;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            jobs.swap(jobs_);
            waiters.swap(waiters_);
        }
        run_batch(*database_, clock_, jobs);
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            auto* waiter = waiters[i].get();
            waiter->finish(std::move(waiters[i]), std::move(jobs[i].error));
        }
        jobs.clear();
        waiters.clear();
    }
}

}  // namespace mlbilling::sqlite
