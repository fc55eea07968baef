#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "adapters/rabbitmq/pending.hpp"
#include "library_connection.hpp"

namespace mlbilling::bench {

/// A thread with a connection, and the way to it and back. Jobs are gathered while the thread is
/// busy, and so are the results that go back to the loop: one wake-up each way carries many.
class LibraryThread {
  public:
    using Job = std::function<void()>;
    using Result = std::function<void()>;

    struct Work {
        /// On the thread: after connecting; for each frame; after each round, to send what was
        /// gathered.
        std::function<void(LibraryConnection&)> begin;
        std::function<void(LibraryConnection&, const amqp_frame_t&)> frame;
        std::function<void(LibraryConnection&)> round;
        /// On the loop, when the connection is gone.
        std::function<void(const std::string& why)> lost;
    };

    LibraryThread(boost::asio::any_io_executor loop, rabbitmq::Address address,
                  std::chrono::seconds heartbeat, Work work);
    /// Cuts the connection and waits for the thread.
    ~LibraryThread();
    LibraryThread(const LibraryThread&) = delete;
    LibraryThread& operator=(const LibraryThread&) = delete;

    /// From the loop: to be run on the thread.
    void post(Job job);
    /// From the thread: to be run on the loop, with the others of this round.
    void answer(Result result) { results_.push_back(std::move(result)); }
    /// From the loop: lets the thread finish what it has and end.
    void stop();
    /// Waits for its end, at most that long; whether it has ended.
    Async<bool> ended(std::chrono::milliseconds longest);
    /// For the watchdog: cuts a connection whose thread is stuck for longer, or in any case.
    void cut(std::chrono::milliseconds when_stuck_for);

  private:
    void run();
    void serve(LibraryConnection& connection);
    std::deque<Job> take_jobs();
    void send_results();

    boost::asio::any_io_executor loop_;
    rabbitmq::Address address_;
    std::chrono::seconds heartbeat_;
    Work work_;
    int event_;
    std::mutex mutex_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    LibraryConnection* connection_ = nullptr;
    std::deque<Result> results_;
    std::shared_ptr<rabbitmq::Pending<bool>> ended_;
    std::thread thread_;
};

}  // namespace mlbilling::bench
