#include "adapters/work_threads/work_threads.hpp"

#include <pthread.h>

#include <csignal>

namespace mlbilling::work_threads {
namespace {

/// Signals are the event loop's: a thread of ours must not be the one that the kernel picks.
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

WorkThreads::WorkThreads(int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { serve(); });
}

WorkThreads::~WorkThreads() {
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        *closing_ = true;
        dropped.swap(jobs_);
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void WorkThreads::start(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void WorkThreads::serve() {
    block_signals();
    for (;;) {
        std::function<void()> job;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return *closing_ || !jobs_.empty(); });
            if (jobs_.empty()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job();
    }
}

}  // namespace mlbilling::work_threads
