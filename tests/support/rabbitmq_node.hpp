#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/guarded_process.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {

/// Erlang's name service on a port of its own, where the nodes of one broker find each other.
class ErlangNames {
  public:
    ErlangNames();
    std::uint16_t port() const { return port_; }

  private:
    std::uint16_t port_;
    GuardedProcess process_;
};

/// A RabbitMQ node of the test's own, from Debian's package or the folder of programs that
/// RABBITMQ_PROGRAMS names: private directories, ports and cookie.
/// Listens on loopback. The names outlive it.
class RabbitmqNode {
  public:
    explicit RabbitmqNode(const ErlangNames& names);

    std::uint16_t port() const { return port_; }
    /// As its peers call it.
    std::string name() const;
    const std::filesystem::path& directory() const { return directory_.path(); }

    /// Lines of rabbitmq.conf beside those that every node has; before the start.
    void configure(const std::string& lines);
    void start();
    /// The two halves of start(), so that several start at the same time.
    void begin_start();
    void wait_until_started();
    /// kill -9. What it knew is on the disk for start().
    void kill() { process_.reset(); }
    /// It keeps its sockets and does nothing any more, until thaw().
    void freeze();
    void thaw();
    pid_t process() const { return process_->process(); }
    /// Runs rabbitmqctl; what it printed.
    std::string control(std::vector<std::string> arguments) const;

  private:
    GuardedProcess::Environment environment() const;

    TemporaryDirectory directory_;
    std::uint16_t names_port_;
    std::uint16_t port_;
    std::uint16_t distribution_port_;
    std::unique_ptr<GuardedProcess> process_;
};

}  // namespace mlbilling::test
