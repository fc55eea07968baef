#include "support/rabbitmq_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;

constexpr int virtual_hosts = 64;
const std::string programs = "/usr/lib/rabbitmq/bin/";

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(socket, raw, size) == 0 && getsockname(socket, raw, &size) == 0;
    close(socket);
    if (!bound) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::string virtual_host(int number) { return "test" + std::to_string(number); }

// The user guest with that password, as RabbitMQ keeps it (a salted SHA-256).
std::string definitions() {
    std::string hosts;
    std::string permissions;
    for (int i = 0; i < virtual_hosts; ++i) {
        const std::string comma = i == 0 ? "" : ",";
        hosts += comma + R"({"name":")" + virtual_host(i) + R"("})";
        permissions += comma + R"({"user":"guest","vhost":")" + virtual_host(i) +
                       R"(","configure":".*","write":".*","read":".*"})";
    }
    return R"({"users":[{"name":"guest","tags":"administrator","password_hash":)"
           R"("bWxiMSeUz5SEaXl68l43Bfgsi6RGr8SamX9CKIJircA6CQjW",)"
           R"("hashing_algorithm":"rabbit_password_hashing_sha256"}],"vhosts":[)" +
           hosts + R"(],"permissions":[)" + permissions + "]}";
}

}  // namespace

RabbitmqServer::RabbitmqServer()
    : port_(free_port()),
      tls_port_(free_port()),
      names_port_(free_port()),
      distribution_port_(free_port()) {
    make_certificates();
    write_configuration();
    names_ = std::make_unique<GuardedProcess>(
        std::vector<std::string>{"/usr/bin/epmd", "-address", "127.0.0.1", "-port",
                                 std::to_string(names_port_)},
        GuardedProcess::Environment{});
    start();
}

// The node goes before its name service.
RabbitmqServer::~RabbitmqServer() { node_.reset(); }

std::string RabbitmqServer::new_virtual_host() {
    if (virtual_hosts_used_ == virtual_hosts) throw std::runtime_error("no virtual host is left");
    return virtual_host(virtual_hosts_used_++);
}

void RabbitmqServer::kill() { node_.reset(); }

void RabbitmqServer::start() {
    node_ = std::make_unique<GuardedProcess>(std::vector<std::string>{programs + "rabbitmq-server"},
                                             environment());
    while (node_->read_line().find("Starting broker... completed") == std::string::npos) {
    }
}

void RabbitmqServer::freeze() { node_->signal(SIGSTOP); }
void RabbitmqServer::thaw() { node_->signal(SIGCONT); }

std::string RabbitmqServer::control(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), programs + "rabbitmqctl");
    auto said = GuardedProcess(arguments, environment()).read_all();
    if (said.find("Error") != std::string::npos) throw std::runtime_error("rabbitmqctl: " + said);
    return said;
}

fs::path RabbitmqServer::certificate(const std::string& file) const {
    return directory_.path() / file;
}

void RabbitmqServer::make_certificates() {
    const auto openssl = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "/usr/bin/openssl");
        const auto said = GuardedProcess(arguments, {}).read_all();
        if (!fs::exists(arguments.back())) throw std::runtime_error("openssl: " + said);
    };
    const auto key = [&](const std::string& name) {
        openssl({"ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", certificate(name)});
        return certificate(name).string();
    };
    const auto authority_key = key("authority.key");
    openssl({"req", "-x509", "-days", "2", "-subj", "/CN=Test authority", "-key", authority_key,
             "-out", authority_file()});
    const auto server_key = key("server.key");
    openssl({"req", "-new", "-subj", "/CN=broker", "-key", server_key, "-out",
             certificate("server.csr")});
    write(certificate("names.cnf"), "subjectAltName=DNS:localhost\n");
    openssl({"x509", "-req", "-days", "2", "-in", certificate("server.csr"), "-CA",
             authority_file(), "-CAkey", authority_key, "-CAcreateserial", "-extfile",
             certificate("names.cnf"), "-out", certificate("server.pem")});
}

void RabbitmqServer::write_configuration() {
    const auto& directory = directory_.path();
    fs::create_directories(directory / "mnesia");
    fs::create_directories(directory / "log");
    write(directory / ".erlang.cookie", "MLBILLINGTEST");
    fs::permissions(directory / ".erlang.cookie", fs::perms::owner_read);
    write(directory / "enabled_plugins", "[].\n");
    write(directory / "definitions.json", definitions());
    write(directory / "rabbitmq.conf",
          "listeners.tcp.1 = 127.0.0.1:" + std::to_string(port_) +
              "\nlisteners.ssl.1 = 127.0.0.1:" + std::to_string(tls_port_) +
              "\nssl_options.cacertfile = " + authority_file().string() +
              "\nssl_options.certfile = " + certificate("server.pem").string() +
              "\nssl_options.keyfile = " + certificate("server.key").string() +
              "\nload_definitions = " + (directory / "definitions.json").string() +
              "\nvm_memory_high_watermark.absolute = 1GB"
              "\ndisk_free_limit.absolute = 1MB\n");
}

GuardedProcess::Environment RabbitmqServer::environment() const {
    const auto& directory = directory_.path();
    return {{"HOME", directory},
            // Makes the start script become the node, so that a signal reaches it.
            {"RUNNING_UNDER_SYSTEMD", "1"},
            {"ERL_EPMD_PORT", std::to_string(names_port_)},
            {"ERL_EPMD_ADDRESS", "127.0.0.1"},
            {"RABBITMQ_NODENAME", "mlbilling" + std::to_string(port_) + "@localhost"},
            {"RABBITMQ_NODE_PORT", std::to_string(port_)},
            {"RABBITMQ_DIST_PORT", std::to_string(distribution_port_)},
            {"RABBITMQ_BASE", directory},
            {"RABBITMQ_MNESIA_BASE", directory / "mnesia"},
            {"RABBITMQ_LOG_BASE", directory / "log"},
            {"RABBITMQ_CONFIG_FILE", directory / "rabbitmq.conf"},
            {"RABBITMQ_ENABLED_PLUGINS_FILE", directory / "enabled_plugins"},
            {"RABBITMQ_CONF_ENV_FILE", "/dev/null"},
            {"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
             "+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"}};
}

}  // namespace mlbilling::test
