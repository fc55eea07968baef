#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "ports/async.hpp"

namespace mlbilling::work_threads {

/// Asked by blocking work between its steps: whether nobody waits for the rest any more.
class Stop {
  public:
    Stop(std::shared_ptr<const std::atomic<bool>> abandoned,
         std::shared_ptr<const std::atomic<bool>> closing)
        : abandoned_(std::move(abandoned)), closing_(std::move(closing)) {}

    bool requested() const { return *abandoned_ || *closing_; }

  private:
    std::shared_ptr<const std::atomic<bool>> abandoned_;
    std::shared_ptr<const std::atomic<bool>> closing_;
};

/// Threads of an adapter's own for work that would block the event loop; pieces start in order.
/// Made and destroyed on the loop's thread, before the loop itself is.
class WorkThreads {
  public:
    explicit WorkThreads(int count);
    WorkThreads(const WorkThreads&) = delete;
    WorkThreads& operator=(const WorkThreads&) = delete;
    /// Asks running work to stop and waits for it; what has not started is dropped.
    ~WorkThreads();

    /// Runs the work on one of the threads and returns its result to the loop, or throws what it
    /// threw. Nothing when it was not done within the deadline, waiting for a thread included. A
    /// call that is cut off or cancelled returns at once; the work learns it by its Stop and must
    /// not refer to anything of the caller's.
    template <class Result>
    Async<std::optional<Result>> run(std::function<Result(const Stop&)> work, Duration deadline);

  private:
    /// What the loop and a thread know of one piece of work. Only `abandoned` is touched by both at
    /// once; the rest goes to the thread and comes back by posting.
    template <class Result>
    struct Piece {
        Piece(boost::asio::any_io_executor executor, Duration deadline)
            : loop(std::move(executor)), done(loop, deadline) {}

        boost::asio::any_io_executor loop;
        boost::asio::steady_timer done;
        std::shared_ptr<std::atomic<bool>> abandoned = std::make_shared<std::atomic<bool>>(false);
        std::optional<Result> result;
        std::exception_ptr error;
        bool finished = false;
    };
    struct AbandonAtEnd {
        std::shared_ptr<std::atomic<bool>> abandoned;
        ~AbandonAtEnd() { *abandoned = true; }
    };

    template <class Result>
    static void perform(std::shared_ptr<Piece<Result>> piece,
                        const std::function<Result(const Stop&)>& work, const Stop& stop);

    void start(std::function<void()> job);
    void serve();

    std::shared_ptr<std::atomic<bool>> closing_ = std::make_shared<std::atomic<bool>>(false);
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    std::vector<std::thread> threads_;
};

template <class Result>
Async<std::optional<Result>> WorkThreads::run(std::function<Result(const Stop&)> work,
                                              Duration deadline) {
    namespace asio = boost::asio;
    auto piece = std::make_shared<Piece<Result>>(co_await asio::this_coro::executor, deadline);
    const AbandonAtEnd abandon{piece->abandoned};
    start([piece, work = std::move(work), stop = Stop(piece->abandoned, closing_)]() mutable {
        perform(std::move(piece), work, stop);
    });
    boost::system::error_code error;
    co_await piece->done.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (piece->finished) {
        if (piece->error) std::rethrow_exception(piece->error);
        co_return std::move(piece->result);
    }
    if (error) throw boost::system::system_error(error);
    co_return std::nullopt;
}

template <class Result>
void WorkThreads::perform(std::shared_ptr<Piece<Result>> piece,
                          const std::function<Result(const Stop&)>& work, const Stop& stop) {
    std::optional<Result> result;
    std::exception_ptr error;
    try {
        if (!stop.requested()) result = work(stop);
    } catch (...) {
        error = std::current_exception();
    }
    // Goes back even if nobody waits: the timer in it is the loop's to destroy.
    auto loop = piece->loop;
    boost::asio::post(loop, [piece = std::move(piece), result = std::move(result),
                             error = std::move(error)]() mutable {
        piece->result = std::move(result);
        piece->error = std::move(error);
        piece->finished = true;
        piece->done.cancel();
    });
}

}  // namespace mlbilling::work_threads
