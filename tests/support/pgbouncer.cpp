#include "support/pgbouncer.hpp"

#include <fstream>

#include "support/server_process.hpp"

namespace mlbilling::test {

PgBouncer::PgBouncer(const PostgresServer& server, int connections) : port_(free_port()) {
    const auto& directory = directory_.path();
    const auto settings = directory / "pgbouncer.ini";
    std::ofstream(directory / "users") << "\"postgres\" \"\"\n";
    std::ofstream(settings) << "[databases]\n* = host=127.0.0.1 port=" << server.port()
                            << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
                            << "\nunix_socket_dir =\nauth_type = trust\nauth_file = "
                            << (directory / "users").string()
                            << "\npool_mode = transaction\nmax_client_conn = 200\n"
                            << "default_pool_size = " << connections << '\n';
    give_to_server_user(directory);
    auto command = as_server_user();
    // Quiet: nobody reads what it says.
    command.insert(command.end(), {"/usr/sbin/pgbouncer", "--quiet", settings.string()});
    process_ = std::make_unique<GuardedProcess>(command);
}

std::string PgBouncer::url(const std::string& database) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + '/' + database +
           "?pooler=transaction";
}

}  // namespace mlbilling::test
