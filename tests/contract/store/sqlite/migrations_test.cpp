#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/unavailable.hpp"
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SqliteMigrations : public SqliteTest {
  protected:
    std::vector<std::string> migrate() { return sqlite::migrate(path(), clock_.now()); }
    std::string refusal() {
        try {
            migrate();
        } catch (const sqlite::SchemaMismatch& mismatch) {
            return mismatch.what();
        }
        return "accepted";
    }
};

TEST_F(SqliteMigrations, ANewDatabaseGetsThemAllAndTheSecondTimeNone) {
    EXPECT_THAT(migrate(), ElementsAre("0001_ledger", "0002_messages", "0003_spending",
                                       "0004_backups", "0005_refusals", "0006_scoped_requests",
                                       "0007_booking_totals", "0008_quota_turns"));
    EXPECT_THAT(migrate(), IsEmpty());
    RawDatabase raw(path());
    EXPECT_EQ(raw.value("SELECT count(*) FROM schema_migrations WHERE length(checksum) = 16"), "8");
    EXPECT_EQ(raw.value("PRAGMA journal_mode"), "wal");
}

TEST_F(SqliteMigrations, TheSeedTablesHaveTheirColumns) {
    migrate();
    RawDatabase raw(path());
    for (const auto* query :
         {"SELECT id, telegram_id, username, role, created_at FROM users",
          "SELECT user_id, balance, updated_at FROM balances",
          "SELECT id, user_id, amount, type, task_id, created_at FROM transactions",
          "SELECT id, user_id, type, status, payload, result, cost, created_at, finished_at FROM "
          "tasks"})
        EXPECT_EQ(raw.run(query), "") << query;
}

TEST_F(SqliteMigrations, ProcessesThatStartAtTheSameTimeMigrateOnce) {
    for (int round = 0; round < 5; ++round) {
        const auto file = path() + std::to_string(round);
        std::vector<pid_t> children;
        for (int i = 0; i < 4; ++i) {
            const pid_t child = fork();
            if (child == 0) {
                int status = 1;
                try {
                    sqlite::migrate(file, clock_.now());
                    status = 0;
                } catch (const std::exception& error) {
                    std::fprintf(stderr, "a migrating process: %s\n", error.what());
                    status = 2;
                }
                _exit(status);
            }
            children.push_back(child);
        }
        for (const auto child : children) {
            int status = -1;
            waitpid(child, &status, 0);
            EXPECT_TRUE(WIFEXITED(status));
            EXPECT_EQ(WEXITSTATUS(status), 0);
        }
        EXPECT_EQ(RawDatabase(file).value("SELECT count(*) FROM schema_migrations"), "8");
        EXPECT_EQ(RawDatabase(file).value("SELECT count(*) FROM prices"), "2");
    }
}

TEST_F(SqliteMigrations, ADatabaseOfANewerReleaseIsRefused) {
    migrate();
    RawDatabase(path()).run("INSERT INTO schema_migrations VALUES (9, '0009_future', 'x', 0)");
    EXPECT_THAT(refusal(), HasSubstr("0009_future"));
    EXPECT_THROW(open(), sqlite::SchemaMismatch);
}

TEST_F(SqliteMigrations, AnEditedMigrationIsRefused) {
    migrate();
    RawDatabase(path()).run("UPDATE schema_migrations SET checksum = 'x' WHERE version = 2");
    EXPECT_THAT(refusal(), HasSubstr("0002_messages"));
}

TEST_F(SqliteMigrations, ADatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
    RawDatabase(path()).run("CREATE TABLE users (name TEXT)");
    EXPECT_THAT(refusal(), HasSubstr("another program"));
    EXPECT_EQ(RawDatabase(path()).value("SELECT count(*) FROM sqlite_master"), "1");
}

TEST_F(SqliteMigrations, AMigrationThatWasCutOffLeavesNothing) {
    migrate();
    RawDatabase raw(path());
    // As if only the first had been applied, and its successor's tables are in the way.
    raw.run("DELETE FROM schema_migrations WHERE version >= 2; DROP TABLE inbox");
    EXPECT_DEATH(migrate(), "table outbox already exists");
    EXPECT_EQ(raw.value("SELECT count(*) FROM sqlite_master WHERE name = 'inbox'"), "0");
    EXPECT_EQ(raw.value("SELECT count(*) FROM schema_migrations"), "1");
}

TEST_F(SqliteMigrations, AMissingDirectoryIsMade) {
    const auto deep = (directory_.path() / "a" / "b" / "store.db").string();
    EXPECT_EQ(sqlite::migrate(deep, clock_.now()).size(), 8U);
}

TEST_F(SqliteMigrations, WhatCannotBeWrittenIsUnavailable) {
    std::ofstream(directory_.path() / "file") << "not a directory";
    const auto at = [&](const std::string& name) { return (directory_.path() / name).string(); };
    EXPECT_THROW(sqlite::migrate(at("file/store.db"), clock_.now()), Unavailable);
    EXPECT_THROW(sqlite::migrate(at("."), clock_.now()), Unavailable);
    std::ofstream(directory_.path() / "garbage") << std::string(5'000, 'x');
    EXPECT_THROW(sqlite::migrate(at("garbage"), clock_.now()), Unavailable);
    EXPECT_THROW(sqlite::migrate("/proc/self/store.db", clock_.now()), Unavailable);
}

}  // namespace
}  // namespace mlbilling::test
