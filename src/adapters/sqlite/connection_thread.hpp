#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/sqlite/batch.hpp"
#include "ports/async.hpp"

namespace mlbilling::sqlite {

/// Whoever waits for a job on the event loop.
class Waiter {
  public:
    virtual ~Waiter() = default;
    /// Resumes the waiting coroutine on its loop. Called once, from any thread.
    virtual void finish(std::shared_ptr<Waiter> self, std::exception_ptr error) = 0;
};

/// A thread that owns a connection and runs whatever is queued as one batch, while the next gathers
/// (design.md, Speed). The results come back on the loop of the waiting coroutine.
class ConnectionThread {
  public:
    /// `clock` is read on this thread.
    ConnectionThread(std::unique_ptr<Connection> database, const Clock& clock,
                     boost::asio::any_io_executor loop);
    /// Finishes what is queued.
    ~ConnectionThread();
    ConnectionThread(const ConnectionThread&) = delete;
    ConnectionThread& operator=(const ConnectionThread&) = delete;

    /// Returns when the operation is committed; throws what it threw, or Unavailable. When the
    /// waiting is cancelled the operation is done all the same. The operation and what it captures
    /// may end on the other thread.
    Async<void> run(Access access, Operation operation);

    std::int64_t commits() const { return database_->commits(); }

  private:
    void enqueue(Job job, std::shared_ptr<Waiter> waiter);
    void work();

    std::unique_ptr<Connection> database_;
    const Clock& clock_;
    boost::asio::any_io_executor loop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    // Guarded by mutex_: the jobs, who waits for each, and whether no more will come.
    std::vector<Job> jobs_;
    std::vector<std::shared_ptr<Waiter>> waiters_;
    bool stopping_ = false;
    // Last, so that it starts when all else is there.
    std::thread thread_;
};

}  // namespace mlbilling::sqlite
