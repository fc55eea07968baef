#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/rabbitmq_node.hpp"

namespace mlbilling::test {

/// A RabbitMQ of one node. Starting takes half a minute on a busy machine, so a program has one,
/// and each test a virtual host. Listens with and without TLS on loopback; user guest.
class RabbitmqServer {
  public:
    RabbitmqServer();

    std::uint16_t port() const { return node_.port(); }
    std::uint16_t tls_port() const { return tls_port_; }
    /// Signed the server's certificate, which is for `localhost`.
    std::filesystem::path authority_file() const { return certificate("authority.pem"); }
    /// The name of a virtual host that nobody has used.
    std::string new_virtual_host();

    /// As RabbitmqNode has them.
    void kill() { node_.kill(); }
    void start() { node_.start(); }
    void freeze() { node_.freeze(); }
    void thaw() { node_.thaw(); }
    pid_t process() const { return node_.process(); }
    std::string control(std::vector<std::string> arguments) const {
        return node_.control(std::move(arguments));
    }

  private:
    std::filesystem::path certificate(const std::string& file) const;
    void make_certificates();
    std::string configuration() const;

    ErlangNames names_;
    RabbitmqNode node_{names_};
    std::uint16_t tls_port_ = free_port();
    int virtual_hosts_used_ = 0;
};

}  // namespace mlbilling::test
