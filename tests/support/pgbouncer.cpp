#include "support/pgbouncer.hpp"

#include <fstream>
#include <stdexcept>

namespace mlbilling::test {
namespace {

/// Runs the program until its own input ends.
constexpr const char* guard_script =
    "trap '' INT HUP TERM; \"$@\" </dev/null >/dev/null 2>&1 & cat >/dev/null; "
    "kill -KILL $!; wait $!";

}  // namespace

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
    std::vector<std::string> command{"sh", "-c", guard_script, "pgbouncer"};
    for (const auto& word : as_server_user()) command.push_back(word);
    command.emplace_back("/usr/sbin/pgbouncer");
    command.push_back(settings);
    process_ = start_on_leash(command);
}

PgBouncer::~PgBouncer() { let_go(process_); }

std::string PgBouncer::url(const std::string& database) const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(port_) + '/' + database +
           "?pooler=transaction";
}

}  // namespace mlbilling::test
