#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mlbilling::test {

/// How a PostgreSQL of a test is set up.
struct PostgresSettings {
    /// Every commit waits for the disk. False: the server forgets with the machine, but not with a
    /// process, and is much faster.
    bool durable = false;
    /// Lines of postgresql.conf.
    std::vector<std::string> lines{};
};

/// A real PostgreSQL for a test alone, in a directory of its own, on a free port of loopback and a
/// Unix socket, as user postgres when the test is root. A guard process stops it and removes the
/// directory when this object goes, and also when the test is killed. Throws std::runtime_error
/// with the server's log.
class PostgresServer {
  public:
    explicit PostgresServer(const PostgresSettings& settings = {});
    /// A streaming replica of the primary, which calls it `name` (in synchronous_standby_names).
    PostgresServer(const PostgresServer& primary, const std::string& name);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// The one server of this test program, started when it is first asked for.
    static PostgresServer& shared();

    std::uint16_t port() const { return port_; }
    /// Where the socket lies.
    const std::filesystem::path& directory() const { return directory_; }
    /// `postgresql://…` of the database, as the server's superuser or as another role.
    std::string url(const std::string& database, const std::string& role = "postgres") const;

    /// Runs statements as superuser. Throws std::runtime_error when one fails.
    void execute(const std::string& database, const std::string& statements) const;
    /// The first column of the first row as text; empty for NULL and for no row.
    std::string value(const std::string& database, const std::string& query) const;

    /// Kills the server and all its processes with SIGKILL, as a crash of the machine would, though
    /// what was written stays written.
    void kill();
    /// Starts it again after kill().
    void start();
    /// Makes a replica the primary.
    void promote();

  private:
    void make_directory(bool durable);
    void configure(const std::vector<std::string>& lines);
    void guard();

    std::filesystem::path directory_;
    std::uint16_t port_ = 0;
    pid_t guard_ = -1;
    /// The guard ends when nobody holds this any more.
    int leash_ = -1;
};

/// A database of its own on the server, dropped at the end.
class PostgresDatabase {
  public:
    /// Empty, or a copy of the database `like`, to which nobody may be connected.
    explicit PostgresDatabase(PostgresServer& server, const std::string& like = "template0");
    ~PostgresDatabase();
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;

    const std::string& name() const { return name_; }
    std::string url(const std::string& role = "postgres") const { return server_.url(name_, role); }
    void execute(const std::string& statements) const { server_.execute(name_, statements); }
    std::string value(const std::string& query) const { return server_.value(name_, query); }

  private:
    PostgresServer& server_;
    std::string name_;
};

}  // namespace mlbilling::test
