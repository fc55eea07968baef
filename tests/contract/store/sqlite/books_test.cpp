// Books that cannot be read are not in order (docs/ledger.md, 5).
#include <fstream>

#include "base/unavailable.hpp"
#include "console/ledger_digest.hpp"
#include "sqlite_fixture.hpp"
#include "upkeep/ledger_watch.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class SqliteBooks : public SqliteTest {
  protected:
    void fill() {
        const auto store = open();
        for (int i = 0; i < 3; ++i) run_task(*store, 1, "done" + std::to_string(i));
    }
    /// Overwrites the table's first page, as a failing disk may.
    void spoil(const std::string& table) {
        RawDatabase raw(path());
        const auto page =
            std::stol(raw.value("SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'"));
        const auto size = std::stol(raw.value("PRAGMA page_size"));
        ASSERT_EQ(raw.run("PRAGMA wal_checkpoint(TRUNCATE)"), "");
        std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((page - 1) * size);
        for (long i = 0; i < size; ++i) file.put(static_cast<char>(i * 31 + 7));
    }
    void advance(std::int64_t ms) {
        clock_.advance(Duration(ms));
        settle();
    }
    /// Until the watch sleeps: its reads come back from another thread.
    void settle() {
        loop_.restart();
        loop_.run_for(std::chrono::milliseconds(200));
    }
    void start(LedgerWatch& watch) {
        boost::asio::co_spawn(loop_, watch.run(), [](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
        });
        settle();
    }
    void stop(LedgerWatch& watch) {
        watch.stop();
        advance(60'000);
    }
};

TEST_F(SqliteBooks, NothingIsSaidBeforeTheFirstCheckHasEnded) {
    fill();
    const auto store = open(true);
    LedgerWatch watch(*store, clock_);
    EXPECT_EQ(watch.state().violations, std::nullopt);
    EXPECT_EQ(watch.state().checked_at, std::nullopt);
    start(watch);
    EXPECT_EQ(watch.state().violations, 0);
    EXPECT_EQ(watch.state().checked_at, clock_.now());
    EXPECT_EQ(watch.state().failure, std::nullopt);
    stop(watch);
}

TEST_F(SqliteBooks, ALedgerThatCannotBeReadIsTold) {
    fill();
    const auto store = open(true);
    spoil("transactions");
    LedgerWatch watch(*store, clock_);
    start(watch);
    advance(2'000);
    EXPECT_EQ(watch.state().violations, std::nullopt);
    ASSERT_TRUE(watch.state().failure.has_value());
    EXPECT_THAT(*watch.state().failure, HasSubstr("malformed"));
    stop(watch);
}

TEST_F(SqliteBooks, ADamagedFileIsFoundAtTheStart) {
    fill();
    EXPECT_EQ(sqlite::damage_in(path()), std::nullopt);
    spoil("transactions");
    EXPECT_TRUE(sqlite::damage_in(path()).has_value());
}

TEST_F(SqliteBooks, ARowThatSomebodyChangedIsFoundByTheDigest) {
    fill();
    const auto store = open();
    const auto kept = test::run(loop_, digest_of(*store));
    const auto change = [&](const std::string& sql) {
        ASSERT_EQ(RawDatabase(path()).run("DROP TRIGGER IF EXISTS a_transaction_is_never_changed;"
                                          "DROP TRIGGER IF EXISTS a_transaction_is_never_deleted;" +
                                          sql),
                  "");
    };
    change("UPDATE transactions SET reason = 'other' WHERE id = 2");
    EXPECT_THAT(test::run(loop_, difference_from(*store, kept)).value(), HasSubstr("was changed"));
    change("UPDATE transactions SET reason = 'text' WHERE id = 2");
    EXPECT_EQ(test::run(loop_, difference_from(*store, kept)), std::nullopt);
    change("DELETE FROM transactions WHERE id = 4");
    EXPECT_THAT(test::run(loop_, difference_from(*store, kept)).value(),
                HasSubstr("there were 4 with a sum of 97, and now are 3"));
}

}  // namespace
}  // namespace mlbilling::test
