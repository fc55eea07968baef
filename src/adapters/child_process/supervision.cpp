#include "adapters/child_process/supervision.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "adapters/child_process/memory_file.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::child_process {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

struct PipeEnds {
    Descriptor read;
    Descriptor write;
};

PipeEnds open_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        throw Unavailable("child process: pipe: " + std::generic_category().message(errno));
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor new_file(const std::string& path) {
    Descriptor file(open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file.is_open())
        throw Unavailable("child process: " + path + ": " + std::generic_category().message(errno));
    return file;
}

void attach(asio::posix::stream_descriptor& stream, Descriptor& descriptor) {
    error_code error;
    stream.assign(descriptor.number(), error);
    if (error) throw Unavailable("child process: event loop: " + error.message());
    descriptor.release();
}

}  // namespace

Supervision::Supervision(const asio::any_io_executor& executor, const ChildLimits& limits)
    : longest_output_(limits.output_bytes),
      longest_diagnostics_(limits.diagnostics_bytes),
      output_{.end = asio::posix::stream_descriptor(executor)},
      diagnostics_{.end = asio::posix::stream_descriptor(executor)},
      ended_(executor),
      deadline_(executor) {}

// Delegates, so that whatever throws after the start still finds the destructor, which ends the
// child.
Supervision::Supervision(const asio::any_io_executor& executor, const std::string& path,
                         const ChildCommand& command, Landlock landlock)
    : Supervision(executor, command.limits) {
    const Descriptor input = sealed_file(command.input);
    PipeEnds errors = open_pipe();
    PipeEnds output;
    if (!command.output_file.empty()) {
        output.write = new_file(command.output_file);
    } else if (command.seekable_output) {
        output_file_ = empty_file();
    } else {
        output = open_pipe();
    }
    const Streams streams{.input = input,
                          .output = output_file_.is_open() ? output_file_ : output.write,
                          .errors = errors.write};
    Spawned spawned = spawn(path, command, streams, landlock);
    id_ = spawned.id;
    attach(ended_, spawned.ended);
    attach(diagnostics_.end, errors.read);
    if (output.read.is_open()) attach(output_.end, output.read);
}

Supervision::~Supervision() {
    if (id_ < 0 || reaped_) return;
    kill(-id_, SIGKILL);
    reap();
}

void Supervision::watch(std::chrono::steady_clock::time_point deadline, Done done) {
    done_ = std::move(done);
    deadline_.expires_at(deadline);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
        if (!error) self->stop(ChildEnd::timed_out);
    });
    wait_for_end();
    if (output_.end.is_open()) read_output();
    read_diagnostics();
}

void Supervision::cancel() {
    error_ = asio::error::operation_aborted;
    stop(ChildEnd::signalled);
}

void Supervision::read_output() {
    output_.end.async_read_some(asio::buffer(output_.buffer),
                                [self = shared_from_this()](error_code error, std::size_t count) {
                                    if (self->stopped_) return;
                                    if (!error) return self->on_output(count);
                                    self->output_.end.close();
                                    self->finish_if_done();
                                });
}

void Supervision::on_output(std::size_t count) {
    const auto room = longest_output_ - result_.output.size();
    result_.output.append(output_.buffer.data(), std::min(count, room));
    if (count > room) return stop(ChildEnd::output_too_long);
    read_output();
}

void Supervision::read_diagnostics() {
    diagnostics_.end.async_read_some(
        asio::buffer(diagnostics_.buffer),
        [self = shared_from_this()](error_code error, std::size_t count) {
            if (self->stopped_) return;
            if (!error) return self->on_diagnostics(count);
            self->diagnostics_.end.close();
            self->finish_if_done();
        });
}

void Supervision::on_diagnostics(std::size_t count) {
    auto& text = result_.diagnostics;
    text.append(diagnostics_.buffer.data(), count);
    if (text.size() > longest_diagnostics_) text.erase(0, text.size() - longest_diagnostics_);
    read_diagnostics();
}

void Supervision::stop(ChildEnd end) {
    if (stopped_) return;
    stopped_ = true;
    result_.end = end;
    if (!reaped_) kill(-id_, SIGKILL);
    error_code ignored;
    output_.end.close(ignored);
    diagnostics_.end.close(ignored);
    finish_if_done();
}

void Supervision::wait_for_end() {
    ended_.async_wait(asio::posix::stream_descriptor::wait_read,
                      [self = shared_from_this()](error_code error) {
                          if (error) return;
                          // Asio may report what was seen of the descriptor before, whose books it
                          // goes on using for this one.
                          if (!self->has_ended()) return self->wait_for_end();
                          self->on_ended();
                      });
}

bool Supervision::has_ended() const {
    siginfo_t status{};
    // As the manual of waitid says, the id stays 0 while there is nothing to be told.
    return waitid(P_PID, static_cast<id_t>(id_), &status, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           status.si_pid != 0;
}

void Supervision::on_ended() {
    // Before the reaping, while the group's id cannot belong to anyone else: what the program left
    // behind must not outlive it, nor keep our pipes open.
    kill(-id_, SIGKILL);
    reap();
    finish_if_done();
}

void Supervision::reap() {
    siginfo_t status{};
    int answer = 0;
    do {
        answer = waitid(P_PID, static_cast<id_t>(id_), &status, WEXITED);
    } while (answer != 0 && errno == EINTR);
    // Nobody else waits for our children, and ChildProcesses sees to SIGCHLD not being ignored.
    CHECK(answer == 0);
    reaped_ = true;
    result_.code = status.si_status;
    if (!stopped_ && status.si_code != CLD_EXITED) result_.end = ChildEnd::signalled;
}

void Supervision::finish_if_done() {
    if (!done_ || !reaped_ || output_.end.is_open() || diagnostics_.end.is_open()) return;
    deadline_.cancel();
    // What is still on its way to a read handler must not touch a result that is gone.
    stopped_ = true;
    if (output_file_.is_open()) take_output_file();
    const Done done = std::exchange(done_, nullptr);
    done(error_, std::move(result_));
}

void Supervision::take_output_file() {
    result_.output = content_of(output_file_, longest_output_);
    const bool full = result_.output.size() == longest_output_;
    if (full && result_.end != ChildEnd::timed_out) result_.end = ChildEnd::output_too_long;
}

}  // namespace mlbilling::child_process
