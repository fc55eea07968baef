#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/guarded_process.hpp"
#include "support/temporary_directory.hpp"

namespace mlbilling::test {

/// A RabbitMQ node of the test's own, from Debian's package: private directories, ports, name
/// service and cookie. Starting takes half a minute on a busy machine, so a program has one, and
/// each test a virtual host. Listens with and without TLS on loopback; user guest.
class RabbitmqServer {
  public:
    RabbitmqServer();
    ~RabbitmqServer();

    std::uint16_t port() const { return port_; }
    std::uint16_t tls_port() const { return tls_port_; }
    /// Signed the server's certificate, which is for `localhost`.
    std::filesystem::path authority_file() const { return certificate("authority.pem"); }
    /// The name of a virtual host that nobody has used.
    std::string new_virtual_host();

    /// kill -9. What it knew is on the disk for start().
    void kill();
    void start();
    /// It keeps its sockets and does nothing any more, until thaw().
    void freeze();
    void thaw();
    pid_t process() const { return node_->process(); }
    /// Runs rabbitmqctl; what it printed.
    std::string control(std::vector<std::string> arguments);

  private:
    std::filesystem::path certificate(const std::string& file) const;
    void make_certificates();
    void write_configuration();
    GuardedProcess::Environment environment() const;

    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    std::uint16_t names_port_ = 0;
    std::uint16_t distribution_port_ = 0;
    int virtual_hosts_used_ = 0;
    std::unique_ptr<GuardedProcess> names_;
    std::unique_ptr<GuardedProcess> node_;
};

}  // namespace mlbilling::test
