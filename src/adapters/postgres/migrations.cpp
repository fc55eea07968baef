#include "adapters/postgres/migrations.hpp"

#include <array>
#include <optional>

#include "adapters/postgres/database.hpp"
#include "postgres_embedded.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

struct Migration {
    std::int64_t version;
    std::string_view name;
    std::string_view script;
};

const std::array<Migration, 18>& all_migrations() {
    static const std::array<Migration, 18> migrations{
        {{1, "0001_ledger", embedded::postgres__0001_ledger_sql()},
         {2, "0002_messages", embedded::postgres__0002_messages_sql()},
         {3, "0003_sharing", embedded::postgres__0003_sharing_sql()},
         {4, "0004_intake_batches", embedded::postgres__0004_intake_batches_sql()},
         {5, "0005_work_batches", embedded::postgres__0005_work_batches_sql()},
         {6, "0006_delivery_batches", embedded::postgres__0006_delivery_batches_sql()},
         {7, "0007_roles", embedded::postgres__0007_roles_sql()},
         {8, "0008_backups", embedded::postgres__0008_backups_sql()},
         {9, "0009_updates_in_place", embedded::postgres__0009_updates_in_place_sql()},
         {10, "0010_intake_in_fewer_statements",
          embedded::postgres__0010_intake_in_fewer_statements_sql()},
         {11, "0011_work_in_fewer_statements",
          embedded::postgres__0011_work_in_fewer_statements_sql()},
         {12, "0012_deliveries_in_fewer_statements",
          embedded::postgres__0012_deliveries_in_fewer_statements_sql()},
         {13, "0013_answered_status_messages",
          embedded::postgres__0013_answered_status_messages_sql()},
         {14, "0014_refusals", embedded::postgres__0014_refusals_sql()},
         {15, "0015_starting_grants", embedded::postgres__0015_starting_grants_sql()},
         {16, "0016_scoped_requests", embedded::postgres__0016_scoped_requests_sql()},
         {17, "0017_booking_totals", embedded::postgres__0017_booking_totals_sql()},
         {18, "0018_quota_turns", embedded::postgres__0018_quota_turns_sql()}}};
    return migrations;
}

/// Held by whoever migrates, within the database: the bytes `mlbillin` of our name.
constexpr std::int64_t migration_lock = 0x6d6c62696c6c696e;
/// A migration may rewrite a large table, and others wait for it meanwhile.
constexpr Duration long_enough{3'600'000};

Async<bool> has_record_of_migrations(Session& session) {
    auto row = co_await session.query("SELECT to_regclass('schema_migrations') IS NOT NULL");
    CHECK(row.next());
    co_return row.read<bool>();
}

/// Whether someone else keeps tables where ours would be; those of extensions do not count.
Async<bool> is_of_another_program(Session& session) {
    auto row = co_await session.query(R"(
        SELECT EXISTS (SELECT 1 FROM pg_class c
                        WHERE c.relnamespace = current_schema()::regnamespace
                          AND c.relkind IN ('r', 'p')
                          AND NOT EXISTS (SELECT 1 FROM pg_depend d
                                           WHERE d.objid = c.oid AND d.deptype = 'e')))");
    CHECK(row.next());
    co_return row.read<bool>();
}

/// What the database says of its migrations, beside ours.
Async<Rows> read_record_of_migrations(Session& session) {
    const auto& known = all_migrations();
    Parameters parameters;
    parameters.add_array(known, [](const Migration& migration) { return migration.version; });
    parameters.add_array(known, [](const Migration& migration) { return migration.script; });
    co_return co_await session.query_with(R"(
        SELECT m.name, k.version IS NOT NULL,
               coalesce(m.checksum = encode(sha256(convert_to(k.script, 'UTF8')), 'hex'), false)
          FROM schema_migrations m
          LEFT JOIN unnest($1::bigint[], $2::text[]) AS k (version, script) USING (version)
         ORDER BY m.version)",
                                          parameters);
}

/// How many of our migrations the database has. Throws when it has others.
Async<std::size_t> count_applied(Session& session) {
    if (!co_await has_record_of_migrations(session)) {
        if (co_await is_of_another_program(session))
            throw SchemaMismatch(
                "the database holds tables of another program: choose another DATABASE_URL");
        co_return 0;
    }
    auto row = co_await read_record_of_migrations(session);
    std::size_t applied = 0;
    while (row.next()) {
        const auto name = row.read<std::string>();
        const bool known = row.read<bool>();
        const bool same = row.read<bool>();
        if (!known)
            throw SchemaMismatch("the database has migration " + name +
                                 ", which this program does not know: run the newest mlbilling");
        if (!same)
            throw SchemaMismatch("the database was made with another text of migration " + name +
                                 ": run the mlbilling that made it");
        ++applied;
    }
    co_return applied;
}

/// A script is many statements, and a parameter is one: this runs the one as the other.
void run_script(Session& session, std::string_view script) {
    session.send(R"(
        CREATE FUNCTION pg_temp.run_script(script text) RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN EXECUTE script; END $$)");
    session.send("SELECT pg_temp.run_script($1)", script);
    session.send("DROP FUNCTION pg_temp.run_script(text)");
}

Async<void> apply(Session& session, const Migration& migration) {
    if (migration.version == 1)
        session.send(R"(
            CREATE TABLE schema_migrations (
                version bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                applied_at timestamptz NOT NULL))");
    run_script(session, migration.script);
    co_await session.run(R"(
        INSERT INTO schema_migrations (version, name, checksum, applied_at)
        VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'), $4))",
                         migration.version, migration.name, migration.script, session.now);
}

/// Applies the next migration that is missing, locked from the look to the commit.
Async<std::optional<std::string>> apply_next(Session& session) {
    co_await session.query("SELECT pg_advisory_xact_lock($1)", migration_lock);
    const auto applied = co_await count_applied(session);
    if (applied == all_migrations().size()) co_return std::nullopt;
    const auto& migration = all_migrations()[applied];
    co_await apply(session, migration);
    co_return std::string(migration.name);
}

}  // namespace

Async<std::vector<std::string>> migrate(Options options, boost::asio::any_io_executor loop) {
    options.connections = 1;
    options.statement_timeout = long_enough;
    options.lock_timeout = long_enough;
    Database database(options, loop, nullptr);
    std::vector<std::string> names;
    for (;;) {
        auto name = co_await database.transact(
            Access::write, [](Session& session) { return apply_next(session); });
        if (!name) co_return names;
        names.push_back(*std::move(name));
    }
}

Async<void> check_schema(Options options, boost::asio::any_io_executor loop) {
    options.connections = 1;
    Database database(options, loop, nullptr);
    const auto applied = co_await database.transact(
        Access::read, [](Session& session) { return count_applied(session); });
    if (applied == all_migrations().size()) co_return;
    throw SchemaMismatch("the database lacks migration " +
                         std::string(all_migrations()[applied].name) + ": run `mlbilling migrate`");
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
