#include "library_thread.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/unavailable.hpp"

namespace mlbilling::bench {

namespace asio = boost::asio;

LibraryThread::LibraryThread(asio::any_io_executor loop, rabbitmq::Address address,
                             std::chrono::seconds heartbeat, Work work)
    : loop_(std::move(loop)),
      address_(std::move(address)),
      heartbeat_(heartbeat),
      work_(std::move(work)),
      event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      ended_(std::make_shared<rabbitmq::Pending<bool>>(loop_)),
      thread_([this] { run(); }) {}

LibraryThread::~LibraryThread() {
    stop();
    cut(std::chrono::milliseconds(0));
    thread_.join();
    close(event_);
}

void LibraryThread::post(Job job) {
    const std::scoped_lock lock(mutex_);
    // A thread that has jobs already knows that there are some.
    if (jobs_.empty()) eventfd_write(event_, 1);
    jobs_.push_back(std::move(job));
}

void LibraryThread::stop() {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    eventfd_write(event_, 1);
}

Async<bool> LibraryThread::ended(std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    asio::steady_timer moment(loop_);
    while (!ended_->ended() && std::chrono::steady_clock::now() < deadline) {
        moment.expires_after(std::chrono::milliseconds(5));
        co_await moment.async_wait(asio::use_awaitable);
    }
    co_return ended_->ended();
}

void LibraryThread::cut(std::chrono::milliseconds when_stuck_for) {
    const std::scoped_lock lock(mutex_);
    if (connection_ != nullptr && connection_->stuck_for() >= when_stuck_for) connection_->cut();
}

std::deque<LibraryThread::Job> LibraryThread::take_jobs() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(jobs_, {});
}

void LibraryThread::send_results() {
    if (results_.empty()) return;
    asio::post(loop_, [results = std::exchange(results_, {})] {
        for (const auto& result : results) result();
    });
}

void LibraryThread::run() {
    std::string why = "the client was closed";
    try {
        LibraryConnection connection(address_, heartbeat_);
        {
            const std::scoped_lock lock(mutex_);
            connection_ = &connection;
        }
        try {
            serve(connection);
        } catch (const Unavailable& error) {
            why = error.what();
        }
        const std::scoped_lock lock(mutex_);
        connection_ = nullptr;
    } catch (const Unavailable& error) {
        why = error.what();
    }
    send_results();
    asio::post(loop_, [lost = work_.lost, why, ended = ended_] {
        lost(why);
        ended->resolve(true);
    });
}

void LibraryThread::serve(LibraryConnection& connection) {
    work_.begin(connection);
    const auto take = [&](const amqp_frame_t& frame) { work_.frame(connection, frame); };
    for (bool stopping = false; !stopping;) {
        // The library sends heartbeats only when it is called.
        connection.wait(event_, std::chrono::milliseconds(heartbeat_) / 3);
        connection.read_all(take);
        {
            const std::scoped_lock lock(mutex_);
            stopping = stopping_;
        }
        for (const auto& job : take_jobs()) job();
        work_.round(connection);
        connection.read_all(take);
        send_results();
    }
}

}  // namespace mlbilling::bench
