#include "main/open_store.hpp"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "adapters/postgres/migrations.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "adapters/postgres/target.hpp"
#include "adapters/sqlite/file_modes.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "base/unavailable.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {
namespace {

/// Somebody waits for the command's answer.
constexpr Duration patience_of_a_command{3'000};

postgres::Options options_of(const PostgresUrl& database) {
    postgres::Options options;
    options.url = database.url;
    return options;
}

postgres::Options impatient(const PostgresUrl& database) {
    auto options = options_of(database);
    options.patience = patience_of_a_command;
    return options;
}

[[noreturn]] void not_reachable(const Unavailable& error) {
    throw Unavailable("database not reachable (DATABASE_URL): " + std::string(error.what()));
}

Async<std::vector<std::string>> migrated(PostgresUrl database, boost::asio::any_io_executor loop) {
    try {
        co_return co_await postgres::migrate(impatient(database), std::move(loop));
    } catch (const Unavailable& error) {
        not_reachable(error);
    }
}

Async<void> checked(PostgresUrl database, boost::asio::any_io_executor loop) {
    try {
        co_await postgres::check_schema(impatient(database), std::move(loop));
    } catch (const Unavailable& error) {
        not_reachable(error);
    }
}

std::unique_ptr<Store> open(const SqliteFile& file, Schema schema, boost::asio::io_context& loop,
                            const Clock& clock) {
    // A mistyped path must not become a new, empty book.
    if (schema == Schema::check && !std::filesystem::exists(file.path))
        throw std::runtime_error("no database at " + file.path +
                                 "; set DATABASE_URL, or start the service once");
    if (file.path == SqliteFile::usual_path)
        sqlite::keep_folder_from_others(std::filesystem::path(file.path).parent_path().string());
    // A service is not started on books that it cannot read (docs/ledger.md, 5).
    if (schema == Schema::migrate)
        if (const auto damage = sqlite::damage_in(file.path))
            throw std::runtime_error("the database " + file.path + " is damaged (" + *damage +
                                     "): move it away and fill a new one from the newest backup "
                                     "with `mlbilling admin restore FILE`");
    return std::make_unique<sqlite::SqliteStore>(sqlite::Options{.path = file.path},
                                                 loop.get_executor(), clock);
}

std::unique_ptr<Store> open(const Config& config, const PostgresUrl& database, Schema schema,
                            boost::asio::io_context& loop) {
    auto options = options_of(database);
    options.replica_url = config.database_replica;
    if (schema == Schema::migrate) run_to_end(loop, migrated(database, loop.get_executor()));
    if (schema == Schema::check) run_to_end(loop, checked(database, loop.get_executor()));
    return std::make_unique<postgres::PostgresStore>(options, loop.get_executor());
}

}  // namespace

std::unique_ptr<Store> open_store(const Config& config, Schema schema,
                                  boost::asio::io_context& loop, const Clock& clock) {
    if (const auto* file = std::get_if<SqliteFile>(&config.database))
        return open(*file, schema, loop, clock);
    return open(config, std::get<PostgresUrl>(config.database), schema, loop);
}

std::vector<std::string> migrate_store(const DatabaseUrl& database) {
    boost::asio::io_context loop(1);
    if (const auto* file = std::get_if<SqliteFile>(&database)) {
        const SystemClock clock(loop.get_executor());
        return sqlite::migrate(file->path, clock.now());
    }
    return run_to_end(loop, migrated(std::get<PostgresUrl>(database), loop.get_executor()));
}

std::string describe_database(const DatabaseUrl& database) {
    if (const auto* file = std::get_if<SqliteFile>(&database)) return file->path;
    const auto target = postgres::parse_target(std::get<PostgresUrl>(database).url);
    std::string hosts;
    if (target)
        for (const auto& host : target->hosts)
            hosts += (hosts.empty() ? "" : ", ") + host.name +
                     (host.port.empty() ? "" : ":" + host.port);
    return "PostgreSQL at " + (hosts.empty() ? std::string("its usual place") : hosts);
}

}  // namespace mlbilling
