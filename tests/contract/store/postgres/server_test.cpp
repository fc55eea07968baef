// The server that the other tests rest on.
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>

namespace mlbilling::test {
namespace {

TEST(PostgresServer, EachDatabaseIsItsOwn) {
    PostgresDatabase one(PostgresServer::shared());
    PostgresDatabase other(PostgresServer::shared(), one.name());
    one.execute("CREATE TABLE t (x int)");
    EXPECT_EQ(one.value("SELECT to_regclass('t') IS NULL"), "f");
    EXPECT_EQ(other.value("SELECT to_regclass('t') IS NULL"), "t");
}

TEST(PostgresServer, KeepsWhatWasCommittedWhenItIsKilled) {
    PostgresServer server({.durable = true, .lines = {}});
    server.execute("postgres", "CREATE TABLE t AS SELECT 1 AS x");
    server.kill();
    server.start();
    EXPECT_EQ(server.value("postgres", "SELECT x FROM t"), "1");
}

TEST(PostgresServer, AReplicaFollowsAndBecomesThePrimary) {
    PostgresServer primary;
    PostgresServer replica(primary, "replica");
    primary.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'replica'");
    primary.execute("postgres", "SELECT pg_reload_conf()");
    primary.execute("postgres", "CREATE TABLE t AS SELECT 1 AS x");
    primary.kill();
    replica.promote();
    EXPECT_EQ(replica.value("postgres", "SELECT x FROM t"), "1");
    replica.execute("postgres", "INSERT INTO t VALUES (2)");
}

}  // namespace
}  // namespace mlbilling::test
