// What the database itself refuses, whoever asks.
#include "adapters/sqlite/connection.hpp"
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class SqliteSchema : public SqliteTest {
  protected:
    void SetUp() override { run_task(*open(true), 1, "1_1"); }
    std::string run(const std::string& sql) {
        return RawDatabase(path()).run("PRAGMA foreign_keys=ON; " + sql);
    }
};

TEST_F(SqliteSchema, TransactionsAreAppendOnly) {
    EXPECT_THAT(run("UPDATE transactions SET amount = amount + 1"), HasSubstr("append-only"));
    EXPECT_THAT(run("UPDATE transactions SET reason = 'other'"), HasSubstr("append-only"));
    EXPECT_THAT(run("DELETE FROM transactions"), HasSubstr("append-only"));
}

TEST_F(SqliteSchema, ReplaceDoesNotDeleteALedgerRow) {
    sqlite::Connection ours(path(), sqlite::Connection::Mode::read_write, true);
    EXPECT_DEATH(ours.run(R"(INSERT OR REPLACE INTO transactions
                             SELECT id, user_id, 5, 'grant', task_id, created_at, sequence, balance_after,
                                    idempotency_key, actor, reason FROM transactions WHERE id = 1)"),
                 "append-only");
}

TEST_F(SqliteSchema, ATaskHasOneCharge) {
    EXPECT_THAT(
        run(R"(INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence,
                           balance_after, idempotency_key, actor, reason)
                       VALUES (1, -1, 'charge', '1_1', 0, 3, 98, 'other key', 'a', 'r'))"),
        HasSubstr("UNIQUE constraint failed"));
}

TEST_F(SqliteSchema, AKeyIsBookedOnce) {
    EXPECT_THAT(run(R"(INSERT INTO transactions (user_id, amount, type, created_at, sequence,
                           balance_after, idempotency_key, actor, reason)
                       SELECT 1, 1, 'grant', 0, 3, 100, idempotency_key, 'a', 'r' FROM transactions)"),
                HasSubstr("idempotency_key"));
}

TEST_F(SqliteSchema, PricesAreOnlyClosed) {
    EXPECT_THAT(run("UPDATE prices SET min_credits = 5"), HasSubstr("only closed"));
    EXPECT_THAT(run("UPDATE prices SET valid_until = 5, min_credits = 5"),
                HasSubstr("only closed"));
    EXPECT_THAT(run("DELETE FROM prices"), HasSubstr("never deleted"));
    EXPECT_EQ(run("UPDATE prices SET valid_until = 5 WHERE type = 'text'"), "");
    EXPECT_THAT(run("UPDATE prices SET valid_until = 6 WHERE type = 'text'"),
                HasSubstr("only closed"));
    EXPECT_THAT(run("UPDATE prices SET valid_until = NULL WHERE type = 'text'"),
                HasSubstr("only closed"));
}

TEST_F(SqliteSchema, AHoldIsResolvedOnceAndATaskEndsOnce) {
    EXPECT_THAT(run("UPDATE holds SET state = 'released', charged = 0"),
                HasSubstr("resolved once"));
    EXPECT_THAT(
        run("UPDATE tasks SET status = 'created', finished_at = NULL, cost = NULL, result = NULL"),
        HasSubstr("never changes its end"));
}

TEST_F(SqliteSchema, BalancesKeepTheirBounds) {
    EXPECT_THAT(run("UPDATE balances SET balance = -1"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE balances SET held = -1"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE balances SET held = balance + 1"), HasSubstr("CHECK"));
}

TEST_F(SqliteSchema, StatesAndReferencesMakeSense) {
    EXPECT_THAT(run("UPDATE users SET role = 'king'"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE tasks SET finished_at = NULL"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE tasks SET payload = 'no json'"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE deliveries SET attempt = 3"), HasSubstr("CHECK"));
    EXPECT_THAT(run("UPDATE deliveries SET state = 'sent'"), HasSubstr("CHECK"));
    EXPECT_THAT(run("DELETE FROM users"), HasSubstr("FOREIGN KEY"));
    EXPECT_THAT(run("INSERT INTO users (telegram_id, language, created_at) VALUES ('x', 'en', 0)"),
                HasSubstr("cannot store TEXT"));
}

TEST_F(SqliteSchema, ABrokenPromiseOfOursEndsTheProcess) {
    sqlite::Connection ours(path(), sqlite::Connection::Mode::read_write, true);
    EXPECT_DEATH(ours.run("UPDATE balances SET balance = -1"), "broken promise: CHECK constraint");
    EXPECT_DEATH(ours.run("SELEKT 1"), "broken promise.*syntax error");
}

}  // namespace
}  // namespace mlbilling::test
