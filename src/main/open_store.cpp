#include "main/open_store.hpp"

#include <filesystem>
#include <stdexcept>

#include "adapters/postgres/migrations.hpp"
#include "adapters/postgres/postgres_store.hpp"
#include "adapters/postgres/target.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/system_clock/system_clock.hpp"
#include "main/run_to_end.hpp"

namespace mlbilling {
namespace {

postgres::Options options_of(const PostgresUrl& database) {
    postgres::Options options;
    options.url = database.url;
    return options;
}

std::unique_ptr<Store> open(const SqliteFile& file, Schema schema, boost::asio::io_context& loop,
                            const Clock& clock) {
    // A mistyped path must not become a new, empty book.
    if (schema == Schema::check && !std::filesystem::exists(file.path))
        throw std::runtime_error("no database at " + file.path +
                                 "; set DATABASE_URL, or start the service once");
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
    if (schema == Schema::migrate)
        run_to_end(loop, postgres::migrate(options, loop.get_executor()));
    else
        run_to_end(loop, postgres::check_schema(options, loop.get_executor()));
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
    return run_to_end(
        loop, postgres::migrate(options_of(std::get<PostgresUrl>(database)), loop.get_executor()));
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
