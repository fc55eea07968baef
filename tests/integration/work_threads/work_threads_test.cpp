#include "adapters/work_threads/work_threads.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <future>
#include <stdexcept>

#include "support/run.hpp"

namespace mlbilling::work_threads {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST(WorkThreads, RunTheWorkElsewhereAndComeBackToTheLoop) {
    asio::io_context loop;
    WorkThreads threads(1);
    const auto loop_thread = std::this_thread::get_id();
    std::function<std::thread::id(const Stop&)> work = [](const Stop&) {
        return std::this_thread::get_id();
    };
    const auto result = test::run(loop, threads.run(std::move(work), 10s));
    ASSERT_TRUE(result);
    EXPECT_NE(*result, loop_thread);
}

TEST(WorkThreads, AnExceptionOfTheWorkReachesTheCaller) {
    asio::io_context loop;
    WorkThreads threads(1);
    std::function<int(const Stop&)> work = [](const Stop&) -> int { throw std::out_of_range("x"); };
    EXPECT_THROW(test::run(loop, threads.run(std::move(work), 10s)), std::out_of_range);
}

TEST(WorkThreads, WorkThatOutlastsItsDeadlineIsToldToStop) {
    asio::io_context loop;
    std::promise<void> stopped;
    WorkThreads threads(1);
    std::function<int(const Stop&)> work = [&](const Stop& stop) {
        while (!stop.requested()) std::this_thread::yield();
        stopped.set_value();
        return 1;
    };
    EXPECT_EQ(test::run(loop, threads.run(std::move(work), 20ms)), std::nullopt);
    EXPECT_EQ(stopped.get_future().wait_for(10s), std::future_status::ready);
}

TEST(WorkThreads, ACancelledCallReturnsAtOnceAndItsQueuedWorkNeverRuns) {
    asio::io_context loop;
    WorkThreads threads(1);
    std::promise<void> release;
    auto released = release.get_future().share();
    bool first_ended = false;
    std::function<int(const Stop&)> blocker = [released](const Stop&) {
        released.wait();
        return 1;
    };
    asio::co_spawn(loop, threads.run(std::move(blocker), 10s),
                   [&](std::exception_ptr, std::optional<int>) { first_ended = true; });

    auto ran = std::make_shared<std::atomic<bool>>(false);
    std::function<int(const Stop&)> queued = [ran](const Stop&) {
        *ran = true;
        return 2;
    };
    asio::cancellation_signal cancel;
    bool cancelled = false;
    asio::co_spawn(loop, threads.run(std::move(queued), 10s),
                   asio::bind_cancellation_slot(cancel.slot(),
                                                [&](std::exception_ptr error, std::optional<int>) {
                                                    cancelled = error != nullptr;
                                                }));
    loop.poll();
    cancel.emit(asio::cancellation_type::terminal);
    loop.restart();
    loop.poll();
    EXPECT_TRUE(cancelled);
    release.set_value();
    while (!first_ended && loop.run_one() > 0) {
    }
    std::function<int(const Stop&)> last = [](const Stop&) { return 3; };
    EXPECT_EQ(test::run(loop, threads.run(std::move(last), 10s)), 3);
    EXPECT_FALSE(*ran);
}

TEST(WorkThreads, TheEndOfTheThreadsStopsRunningWorkAndDropsTheRest) {
    asio::io_context loop;
    auto finished = std::make_shared<std::atomic<int>>(0);
    {
        WorkThreads threads(1);
        for (int i = 0; i < 3; ++i) {
            std::function<int(const Stop&)> work = [finished](const Stop& stop) {
                while (!stop.requested()) std::this_thread::yield();
                return ++*finished;
            };
            asio::co_spawn(loop, threads.run(std::move(work), 10s),
                           [](std::exception_ptr, std::optional<int>) {});
        }
        loop.poll();
    }
    EXPECT_LE(*finished, 1);
}

}  // namespace
}  // namespace mlbilling::work_threads
