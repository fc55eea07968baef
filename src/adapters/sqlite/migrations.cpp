#include "adapters/sqlite/migrations.hpp"

#include <array>
#include <cstdio>
#include <optional>

#include "adapters/sqlite/sqlite_store.hpp"
#include "sqlite_embedded.hpp"

namespace mlbilling::sqlite {
namespace {

struct Migration {
    std::int64_t version;
    std::string_view name;
    std::string_view script;
};

const std::array<Migration, 8>& all_migrations() {
    static const std::array<Migration, 8> migrations{
        {{1, "0001_ledger", embedded::sqlite__0001_ledger_sql()},
         {2, "0002_messages", embedded::sqlite__0002_messages_sql()},
         {3, "0003_spending", embedded::sqlite__0003_spending_sql()},
         {4, "0004_backups", embedded::sqlite__0004_backups_sql()},
         {5, "0005_refusals", embedded::sqlite__0005_refusals_sql()},
         {6, "0006_scoped_requests", embedded::sqlite__0006_scoped_requests_sql()},
         {7, "0007_booking_totals", embedded::sqlite__0007_booking_totals_sql()},
         {8, "0008_quota_turns", embedded::sqlite__0008_quota_turns_sql()}}};
    return migrations;
}

/// FNV-1a of 64 bits: it shows a script that was edited after it had been applied, no more.
std::string checksum(std::string_view script) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : script) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
    return hex.data();
}

bool has_any_table(Connection& database) {
    return database.query("SELECT 1 FROM sqlite_master LIMIT 1").next();
}

bool has_record_of_migrations(Connection& database) {
    return database
        .query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")
        .next();
}

/// How many of our migrations the database has. Throws when it has others.
std::size_t count_applied(Connection& database) {
    // In this order, because another process may be migrating between the two looks.
    const bool in_use = has_any_table(database);
    if (!has_record_of_migrations(database)) {
        if (in_use)
            throw SchemaMismatch(
                "the file is a database of another program: choose another DATABASE_URL");
        return 0;
    }
    const auto& known = all_migrations();
    std::size_t applied = 0;
    auto rows =
        database.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version");
    while (rows.next()) {
        const auto version = rows.read<std::int64_t>();
        const auto name = rows.read<std::string>();
        const auto sum = rows.read<std::string>();
        if (applied == known.size() || version != known[applied].version)
            throw SchemaMismatch("the database has migration " + name +
                                 ", which this program does not know: run the newest mlbilling");
        if (sum != checksum(known[applied].script))
            throw SchemaMismatch("the database was made with another text of migration " + name +
                                 ": run the mlbilling that made it");
        ++applied;
    }
    return applied;
}

void apply(Connection& database, const Migration& migration, Time now) {
    database.run_script(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, "
        "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
    database.run_script(std::string(migration.script));
    database.run(
        "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
        migration.version, migration.name, checksum(migration.script), now);
}

/// Applies the next migration that is missing, with the write lock held from the look to the
/// commit.
std::optional<std::string> apply_next(Connection& database, Time now) {
    database.run("BEGIN IMMEDIATE");
    try {
        const auto applied = count_applied(database);
        if (applied == all_migrations().size()) {
            database.run("ROLLBACK");
            return std::nullopt;
        }
        const auto& migration = all_migrations()[applied];
        apply(database, migration, now);
        database.run("COMMIT");
        return std::string(migration.name);
    } catch (...) {
        database.roll_back();
        throw;
    }
}

}  // namespace

std::vector<std::string> migrate(Connection& database, Time now) {
    std::vector<std::string> names;
    if (count_applied(database) == all_migrations().size()) return names;
    while (const auto name = apply_next(database, now)) names.push_back(*name);
    return names;
}

}  // namespace mlbilling::sqlite
