#include "support/rabbitmq_node.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "support/server_process.hpp"

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;

/// Debian's, or those of another version that the environment names.
fs::path programs() {
    const char* named = std::getenv("RABBITMQ_PROGRAMS");
    return named == nullptr ? "/usr/lib/rabbitmq/bin" : named;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

ErlangNames::ErlangNames()
    : port_(free_port()),
      process_({"/usr/bin/epmd", "-address", "127.0.0.1", "-port", std::to_string(port_)}, {}) {}

RabbitmqNode::RabbitmqNode(const ErlangNames& names)
    : names_port_(names.port()), port_(free_port()), distribution_port_(free_port()) {
    fs::create_directories(directory() / "mnesia");
    fs::create_directories(directory() / "log");
    write(directory() / ".erlang.cookie", "MLBILLINGTEST");
    fs::permissions(directory() / ".erlang.cookie", fs::perms::owner_read);
    write(directory() / "enabled_plugins", "[].\n");
    configure("");
}

std::string RabbitmqNode::name() const {
    return "mlbilling" + std::to_string(port_) + "@localhost";
}

void RabbitmqNode::configure(const std::string& lines) {
    write(directory() / "rabbitmq.conf", "listeners.tcp.1 = 127.0.0.1:" + std::to_string(port_) +
                                             "\nvm_memory_high_watermark.absolute = 1GB"
                                             "\ndisk_free_limit.absolute = 1MB\n" +
                                             lines);
}

void RabbitmqNode::start() {
    begin_start();
    wait_until_started();
}

void RabbitmqNode::begin_start() {
    process_ = std::make_unique<GuardedProcess>(
        std::vector<std::string>{programs() / "rabbitmq-server"}, environment());
}

void RabbitmqNode::wait_until_started() {
    while (process_->read_line().find("completed with") == std::string::npos) {
    }
}

void RabbitmqNode::freeze() { process_->signal(SIGSTOP); }
void RabbitmqNode::thaw() { process_->signal(SIGCONT); }

std::string RabbitmqNode::control(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), programs() / "rabbitmqctl");
    auto said = GuardedProcess(arguments, environment()).read_all();
    if (said.find("Error") != std::string::npos) throw std::runtime_error("rabbitmqctl: " + said);
    return said;
}

GuardedProcess::Environment RabbitmqNode::environment() const {
    return {{"HOME", directory()},
            // Makes the start script become the node, so that a signal reaches it.
            {"RUNNING_UNDER_SYSTEMD", "1"},
            {"ERL_EPMD_PORT", std::to_string(names_port_)},
            {"ERL_EPMD_ADDRESS", "127.0.0.1"},
            {"RABBITMQ_NODENAME", name()},
            {"RABBITMQ_NODE_PORT", std::to_string(port_)},
            {"RABBITMQ_DIST_PORT", std::to_string(distribution_port_)},
            {"RABBITMQ_BASE", directory()},
            {"RABBITMQ_MNESIA_BASE", directory() / "mnesia"},
            {"RABBITMQ_LOG_BASE", directory() / "log"},
            {"RABBITMQ_CONFIG_FILE", directory() / "rabbitmq.conf"},
            {"RABBITMQ_ENABLED_PLUGINS_FILE", directory() / "enabled_plugins"},
            {"RABBITMQ_CONF_ENV_FILE", "/dev/null"},
            {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
             "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"}};
}

}  // namespace mlbilling::test
