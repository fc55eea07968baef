#include "support/rabbitmq_server.hpp"

#include <fstream>
#include <stdexcept>

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;

constexpr int virtual_hosts = 64;

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

RabbitmqServer::RabbitmqServer() {
    make_certificates();
    write(node_.directory() / "definitions.json", definitions());
    node_.configure(configuration());
    node_.start();
}

std::string RabbitmqServer::new_virtual_host() {
    if (virtual_hosts_used_ == virtual_hosts) throw std::runtime_error("no virtual host is left");
    return virtual_host(virtual_hosts_used_++);
}

fs::path RabbitmqServer::certificate(const std::string& file) const {
    return node_.directory() / file;
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

std::string RabbitmqServer::configuration() const {
    return "listeners.ssl.1 = 127.0.0.1:" + std::to_string(tls_port_) +
           "\nssl_options.cacertfile = " + authority_file().string() +
           "\nssl_options.certfile = " + certificate("server.pem").string() +
           "\nssl_options.keyfile = " + certificate("server.key").string() +
           "\nload_definitions = " + (node_.directory() / "definitions.json").string() + "\n";
}

}  // namespace mlbilling::test
