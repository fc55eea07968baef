#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "adapters/child_process/child_process.hpp"
#include "adapters/child_process/spawn.hpp"

namespace mlbilling::child_process {

/// Watches one child from its start to its reaping. Held alive by what it waits for; if the loop is
/// torn down around it, its end kills and reaps the child.
class Supervision : public std::enable_shared_from_this<Supervision> {
  public:
    using Done = std::function<void(boost::system::error_code, ChildResult)>;

    /// Starts the child.
    Supervision(const boost::asio::any_io_executor& executor, const std::string& path,
                const ChildCommand& command, Landlock landlock);
    Supervision(const Supervision&) = delete;
    Supervision& operator=(const Supervision&) = delete;
    ~Supervision();

    /// Calls `done` once, when the child has been reaped.
    void watch(std::chrono::steady_clock::time_point deadline, Done done);
    /// Kills the child; `done` then gets operation_aborted.
    void cancel();

  private:
    struct Pipe {
        boost::asio::posix::stream_descriptor end;
        std::array<char, 16 * 1024> buffer{};
    };

    Supervision(const boost::asio::any_io_executor& executor, const ChildLimits& limits);

    void read_output();
    void read_diagnostics();
    void on_output(std::size_t count);
    void on_diagnostics(std::size_t count);
    void stop(ChildEnd end);
    void wait_for_end();
    bool has_ended() const;
    void on_ended();
    void reap();
    void finish_if_done();
    void take_output_file();

    const std::size_t longest_output_;
    const std::size_t longest_diagnostics_;
    Descriptor output_file_;
    Pipe output_;
    Pipe diagnostics_;
    boost::asio::posix::stream_descriptor ended_;
    boost::asio::steady_timer deadline_;
    pid_t id_ = -1;
    bool reaped_ = false;
    bool stopped_ = false;
    boost::system::error_code error_;
    ChildResult result_;
    Done done_;
};

}  // namespace mlbilling::child_process
