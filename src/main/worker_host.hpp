#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "adapters/inprocess/broker.hpp"
#include "ports/event.hpp"
#include "worker/worker.hpp"

namespace mlbilling {

/// Runs the worker of `serve`, and can end it in mid-task as a crash would: nothing is settled or
/// handed back, its leases run out, its messages go back to the queue, and a new worker starts.
class WorkerHost {
  public:
    using MakeWorker = std::function<std::unique_ptr<Worker>()>;

    WorkerHost(boost::asio::io_context& loop, inprocess::InProcessBroker& broker, Clock& clock,
               MakeWorker make_worker);

    /// Runs workers until stop(); ends when the last one has drained.
    Async<void> run();
    /// Finishes or hands back what is in flight.
    void stop();
    /// Says how many tasks it was working on.
    int kill();

  private:
    boost::asio::io_context& loop_;
    inprocess::InProcessBroker& broker_;
    Clock& clock_;
    MakeWorker make_worker_;
    std::unique_ptr<Worker> worker_;
    std::unique_ptr<boost::asio::cancellation_signal> life_;
    bool stopping_ = false;
    bool killed_ = false;
};

}  // namespace mlbilling
