// Bringing a database to the newest schema, and refusing those that are not ours.
#include "adapters/postgres/migrations.hpp"

#include <gmock/gmock.h>

#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

using postgres::SchemaMismatch;
using testing::HasSubstr;
using testing::IsEmpty;

void check_schema(const std::string& url) {
    boost::asio::io_context loop;
    postgres::Options options;
    options.url = url;
    run(loop, postgres::check_schema(options, loop.get_executor()));
}

template <class Function>
std::string mismatch(Function function) {
    try {
        function();
    } catch (const SchemaMismatch& error) {
        return error.what();
    }
    return "no mismatch";
}

class PostgresMigrations : public testing::Test {
  protected:
    PostgresDatabase empty_{PostgresServer::shared()};
    PostgresDatabase migrated_{PostgresServer::shared(), migrated_database()};
};

TEST_F(PostgresMigrations, MakeASchemaOnceAndThenFindIt) {
    const auto applied = migrate(empty_.url());
    EXPECT_EQ(applied.front(), "0001_ledger");
    EXPECT_EQ(std::to_string(applied.size()),
              empty_.value("SELECT count(*) FROM schema_migrations"));
    EXPECT_THAT(migrate(empty_.url()), IsEmpty());
    check_schema(empty_.url());
}

TEST_F(PostgresMigrations, SeveralProcessesAtOnceApplyEachOnce) {
    boost::asio::io_context loop;
    postgres::Options options;
    options.url = empty_.url();
    std::vector<Started<std::vector<std::string>>> processes;
    for (int i = 0; i < 6; ++i)
        processes.emplace_back(loop, postgres::migrate(options, loop.get_executor()));
    loop.run();
    std::vector<std::string> applied;
    for (const auto& process : processes)
        for (auto& name : process.value()) applied.push_back(std::move(name));
    std::ranges::sort(applied);
    EXPECT_EQ(applied.front(), "0001_ledger");
    EXPECT_EQ(std::ranges::adjacent_find(applied), applied.end());
    check_schema(empty_.url());
}

TEST_F(PostgresMigrations, AnOlderSchemaIsRefusedWithTheCommandToRun) {
    EXPECT_THAT(mismatch([this] { check_schema(empty_.url()); }),
                AllOf(HasSubstr("0001_ledger"), HasSubstr("mlbilling migrate")));
    migrated_.execute(
        "DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM "
        "schema_migrations)");
    EXPECT_THAT(mismatch([this] { check_schema(migrated_.url()); }),
                HasSubstr("mlbilling migrate"));
}

TEST_F(PostgresMigrations, ANewerSchemaIsRefused) {
    migrated_.execute("INSERT INTO schema_migrations VALUES (9999, '9999_later', 'x', now())");
    EXPECT_THAT(mismatch([this] { check_schema(migrated_.url()); }), HasSubstr("9999_later"));
    EXPECT_THAT(mismatch([this] { migrate(migrated_.url()); }), HasSubstr("newest mlbilling"));
}

TEST_F(PostgresMigrations, AnEditedMigrationIsRefused) {
    migrated_.execute("UPDATE schema_migrations SET checksum = 'x' WHERE version = 2");
    EXPECT_THAT(mismatch([this] { migrate(migrated_.url()); }), HasSubstr("0002_messages"));
}

TEST_F(PostgresMigrations, AnotherProgramsDatabaseIsLeftAlone) {
    empty_.execute("CREATE TABLE theirs (x int)");
    EXPECT_THAT(mismatch([this] { migrate(empty_.url()); }), HasSubstr("another program"));
    EXPECT_EQ(empty_.value("SELECT to_regclass('users') IS NULL"), "t");
}

TEST_F(PostgresMigrations, TablesOfAnExtensionAreNoOtherProgram) {
    empty_.execute(
        "CREATE EXTENSION pg_buffercache; CREATE TABLE of_extension (x int);"
        "ALTER EXTENSION pg_buffercache ADD TABLE of_extension");
    EXPECT_FALSE(migrate(empty_.url()).empty());
}

// Else every update writes all indexes of the table anew (docs/postgresql.md, Size).
TEST_F(PostgresMigrations, NoIndexNamesWhatChangesInATasksLife) {
    EXPECT_EQ(migrated_.value(R"(
        SELECT string_agg(indexname, ' ') FROM pg_indexes
         WHERE tablename IN ('tasks', 'holds', 'balances', 'deliveries')
           AND indexdef ~ '\m(status|state|due_at|claim|attempt|leased_until|held|balance|epoch)\M')"),
              "");
}

}  // namespace
}  // namespace mlbilling::test
