#include "support/postgres_server.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "support/server_process.hpp"

namespace mlbilling::test {
namespace {

namespace fs = std::filesystem;

/// Directory of initdb and its kin: that of the newest version on this machine.
const fs::path& programs() {
    static const fs::path newest = [] {
        fs::path found;
        int version = 0;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
            const int candidate = std::atoi(entry.path().filename().c_str());
            if (candidate <= version || !fs::exists(entry.path() / "bin/initdb")) continue;
            version = candidate;
            found = entry.path() / "bin";
        }
        if (found.empty()) throw std::runtime_error("PostgreSQL is not installed");
        return found;
    }();
    return newest;
}

void run_as_server_user(const std::string& program, const std::vector<std::string>& arguments) {
    auto command = as_server_user();
    command.push_back(programs() / program);
    command.insert(command.end(), arguments.begin(), arguments.end());
    run_program(command);
}

std::string content_of(const fs::path& path) {
    std::ostringstream content;
    content << std::ifstream(path).rdbuf();
    return content.str();
}

pid_t postmaster_of(const fs::path& lock) {
    std::ifstream file(lock);
    pid_t id = -1;
    file >> id;
    return id;
}

/// Kills the process and waits until it is gone.
void end(pid_t id) {
    const auto process = static_cast<int>(syscall(SYS_pidfd_open, id, 0));
    if (process < 0) return;
    ::kill(id, SIGKILL);
    pollfd ended{.fd = process, .events = POLLIN, .revents = 0};
    while (poll(&ended, 1, -1) < 0 && errno == EINTR) {
    }
    close(process);
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto id = static_cast<pid_t>(std::atoi(entry.path().filename().c_str()));
        const auto status = id > 0 ? content_of(entry.path() / "stat") : std::string{};
        // After the name in parentheses: the state, and the parent.
        const auto name_ends = status.rfind(')');
        if (name_ends == std::string::npos) continue;
        std::istringstream rest(status.substr(name_ends + 1));
        std::string state;
        pid_t its_parent = -1;
        rest >> state >> its_parent;
        if (its_parent == parent) children.push_back(id);
    }
    return children;
}

/// What holds of all the servers of tests.
constexpr const char* always = R"(
unix_socket_permissions = 0777
max_connections = 120
shared_buffers = 64MB
max_wal_size = 2GB
wal_retrieve_retry_interval = 100ms
log_min_messages = warning
log_line_prefix = '%m [%p] '
)";
constexpr const char* forgetful = R"(
fsync = off
full_page_writes = off
)";

/// Stops the server and removes its directory when its input ends.
constexpr const char* guard_script =
    "trap '' INT HUP TERM; cat >/dev/null; \"$@\" >/dev/null 2>&1; rm -rf \"$0\"";

/// Memory does for a server that may forget, where there is enough of it.
fs::path parent_of_servers(bool durable) {
    constexpr std::uintmax_t enough = std::uintmax_t{2} << 30;
    const fs::path memory = "/dev/shm";
    std::error_code none;
    const auto space = fs::space(memory, none);
    const bool fits = !none && space.available >= enough;
    return fits && !durable ? memory : fs::temp_directory_path();
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

Connection connect(const std::string& url) {
    Connection connection(PQconnectdb(url.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(connection.get()));
    return connection;
}

Result run(PGconn& connection, const std::string& statements) {
    Result result(PQexec(&connection, statements.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQerrorMessage(&connection) + (": " + statements));
    return result;
}

}  // namespace

PostgresServer::PostgresServer(const PostgresSettings& settings) {
    make_directory(settings.durable);
    guard();
    // Nothing of this directory outlives the test, so initdb need not wait for the disk.
    run_as_server_user("initdb", {"-D", directory_ / "data", "-A", "trust", "-U", "postgres",
                                  "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"});
    auto lines = settings.lines;
    if (!settings.durable) lines.emplace_back(forgetful);
    lines.emplace_back(always);
    configure(lines);
    start();
}

PostgresServer::PostgresServer(const PostgresServer& primary, const std::string& name) {
    make_directory(false);
    guard();
    const auto from = "host=127.0.0.1 port=" + std::to_string(primary.port()) +
                      " user=postgres application_name=" + name;
    run_as_server_user("pg_basebackup", {"-d", from, "-D", directory_ / "data", "-X", "stream",
                                         "-c", "fast", "--no-sync", "-R"});
    configure({});
    start();
}

PostgresServer::~PostgresServer() {
    OnLeash program{guard_, leash_};
    let_go(program);
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

void PostgresServer::make_directory(bool durable) {
    auto name = (parent_of_servers(durable) / "mlbilling-postgres-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    directory_ = name;
    // Others reach the socket.
    chmod(name.c_str(), 0755);
    give_to_server_user(directory_);
    port_ = free_port();
}

void PostgresServer::configure(const std::vector<std::string>& lines) {
    std::ofstream file(directory_ / "data/postgresql.conf", std::ios::app);
    for (const auto& line : lines) file << '\n' << line;
    file << "\nlisten_addresses = '127.0.0.1'\nport = " << port_ << "\nunix_socket_directories = '"
         << directory_.string() << "'\n";
    if (!file.flush()) throw std::runtime_error("cannot write postgresql.conf");
}

void PostgresServer::guard() {
    std::vector<std::string> command{"sh", "-c", guard_script, directory_};
    const auto prefix = as_server_user();
    command.insert(command.end(), prefix.begin(), prefix.end());
    for (const auto& word :
         {(programs() / "pg_ctl").string(), std::string("stop"), std::string("-m"),
          std::string("immediate"), std::string("-D"), (directory_ / "data").string()})
        command.push_back(word);
    const auto program = start_on_leash(command);
    guard_ = program.id;
    leash_ = program.leash;
}

std::string PostgresServer::url(const std::string& database, const std::string& role) const {
    return "postgresql://" + role + "@127.0.0.1:" + std::to_string(port_) + '/' + database;
}

void PostgresServer::execute(const std::string& database, const std::string& statements) const {
    const auto connection = connect(url(database));
    run(*connection, statements);
}

std::string PostgresServer::value(const std::string& database, const std::string& query) const {
    const auto connection = connect(url(database));
    const auto result = run(*connection, query);
    return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
}

void PostgresServer::kill() {
    const auto lock = directory_ / "data/postmaster.pid";
    const auto postmaster = postmaster_of(lock);
    // Stopped first, so that it starts no child that would be missed.
    ::kill(postmaster, SIGSTOP);
    for (const auto child : children_of(postmaster)) end(child);
    end(postmaster);
    // Where nobody reaps orphans, the next start would take the dead server for a running one.
    fs::remove(lock);
    fs::remove(directory_ / (".s.PGSQL." + std::to_string(port_) + ".lock"));
}

void PostgresServer::start() {
    const auto log = directory_ / "log";
    try {
        run_as_server_user("pg_ctl",
                           {"start", "-w", "-D", directory_ / "data", "-l", log, "-t", "60"});
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(error.what() + content_of(log));
    }
}

void PostgresServer::promote() {
    run_as_server_user("pg_ctl", {"promote", "-w", "-D", directory_ / "data", "-t", "60"});
}

PostgresDatabase::PostgresDatabase(PostgresServer& server, const std::string& like)
    : server_(server) {
    static std::atomic<int> count = 0;
    name_ = "test_" + std::to_string(++count);
    server_.execute("postgres", "CREATE DATABASE " + name_ + " TEMPLATE " + like);
}

PostgresDatabase::~PostgresDatabase() {
    try {
        server_.execute("postgres", "DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::runtime_error&) {
        // The test has killed the server; the directory goes with all its databases.
    }
}

}  // namespace mlbilling::test
