// What becomes of a batch when something in it, or the whole of it, fails.
#include "adapters/sqlite/batch.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "base/unavailable.hpp"
#include "failing_disk.hpp"
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using sqlite::Access;
using sqlite::Connection;
using sqlite::Job;
using sqlite::Session;

class SqliteBatch : public SqliteTest {
  protected:
    void SetUp() override { sqlite::migrate(database_, clock_.now()); }

    static Job writing(const std::string& actor) {
        return {Access::write,
                [actor](Session& session) {
                    session.database.run(
                        "INSERT INTO audit (actor, action, target, at) VALUES (?, 'a', 't', ?)",
                        actor, session.now);
                },
                nullptr};
    }
    static Job failing() {
        auto job = writing("failing");
        job.operation = [write = job.operation](Session& session) {
            write(session);
            throw std::runtime_error("on purpose");
        };
        return job;
    }
    std::string actors() {
        return RawDatabase(path()).value("SELECT coalesce(group_concat(actor), '') FROM audit");
    }
    void run(std::vector<Job>& jobs) { sqlite::run_batch(database_, clock_, jobs); }
    static bool unavailable(const Job& job) {
        if (!job.error) return false;
        try {
            std::rethrow_exception(job.error);
        } catch (const Unavailable&) {
            return true;
        } catch (...) {
            return false;
        }
    }

    Connection database_{path(), Connection::Mode::read_write, true};
};

TEST_F(SqliteBatch, AFailingOperationIsRolledBackAlone) {
    const auto before = database_.commits();
    std::vector<Job> jobs{writing("a"), failing(), writing("b")};
    run(jobs);
    EXPECT_EQ(actors(), "a,b");
    EXPECT_FALSE(jobs[0].error);
    EXPECT_THROW(std::rethrow_exception(jobs[1].error), std::runtime_error);
    EXPECT_FALSE(jobs[2].error);
    EXPECT_EQ(database_.commits(), before + 1);
}

TEST_F(SqliteBatch, AFailingOperationOnItsOwnIsRolledBack) {
    std::vector<Job> jobs{failing()};
    run(jobs);
    EXPECT_EQ(actors(), "");
    EXPECT_FALSE(unavailable(jobs[0]));
    EXPECT_FALSE(database_.in_transaction());
}

TEST_F(SqliteBatch, ALockedDatabaseIsUnavailable) {
    database_.run_script("PRAGMA busy_timeout=0");
    RawDatabase other(path());
    other.run("BEGIN IMMEDIATE");
    std::vector<Job> jobs{writing("a"), writing("b")};
    run(jobs);
    EXPECT_TRUE(unavailable(jobs[0]));
    EXPECT_TRUE(unavailable(jobs[1]));
    other.run("COMMIT");
    jobs = {writing("c")};
    run(jobs);
    EXPECT_EQ(actors(), "c");
}

TEST_F(SqliteBatch, ReadingWaitsForNoWriter) {
    database_.run_script("PRAGMA busy_timeout=0");
    RawDatabase other(path());
    other.run("BEGIN IMMEDIATE");
    bool has_read = false;
    std::vector<Job> jobs{{Access::read,
                           [&](Session& session) {
                               has_read = session.database.query("SELECT id FROM prices").next();
                           },
                           nullptr}};
    run(jobs);
    EXPECT_FALSE(jobs[0].error);
    EXPECT_TRUE(has_read);
}

TEST_F(SqliteBatch, AFullDiskIsUnavailable) {
    database_.run_script("PRAGMA max_page_count=1");
    std::vector<Job> jobs;
    for (int i = 0; i < 300; ++i) jobs.push_back(writing(std::string(2'000, 'x')));
    run(jobs);
    EXPECT_TRUE(unavailable(jobs.back()));
    EXPECT_FALSE(database_.in_transaction());
    database_.run_script("PRAGMA max_page_count=1000000");
    jobs = {writing("after")};
    run(jobs);
    EXPECT_FALSE(jobs[0].error);
}

/// The same, with a disk that can be made to fail.
class SqliteBatchOnAFailingDisk : public SqliteTest {};

TEST_F(SqliteBatchOnAFailingDisk, AFailedCommitIsUnavailableToTheWholeBatch) {
    FailingDisk disk;
    const auto store = open();
    run_task(*store, 1, "1_1");
    disk.fail_syncs(true);
    start_accepting(*store, 10);
    finish(10);
    EXPECT_EQ(failed_, 10);
    disk.fail_syncs(false);
    run_task(*store, 1, "1_2");
    EXPECT_TRUE(test::run(loop_, store->verify()).empty());
}

TEST_F(SqliteBatchOnAFailingDisk, OnlyWhatNobodyCouldRebuildWaitsForTheDisk) {
    FailingDisk disk;
    const auto store = open();
    const auto waits = [&](auto work) {
        const int before = FailingDisk::syncs();
        test::run(loop_, std::move(work));
        return FailingDisk::syncs() > before;
    };
    const TaskId id("1_1");
    EXPECT_TRUE(waits(store->accept(text_request(1, "1_1"))));
    EXPECT_FALSE(waits(store->published({OutboxId(1)})));
    EXPECT_FALSE(waits(store->lease(id, "worker", Duration(45'000))));
    EXPECT_FALSE(waits(store->extend_lease(id, Epoch(1), Duration(45'000))));
    EXPECT_TRUE(waits(store->record_operation(id, Epoch(1), "operation")));
    EXPECT_TRUE(waits(store->fail(id, Epoch(1), FailureReason::silence, std::nullopt, {})));
    EXPECT_FALSE(waits(store->claim_result(id, Duration(60'000))));
    EXPECT_FALSE(
        waits(store->part_sent(DeliveryId(1), Epoch(1), MessageId(1), "", true, Duration(1))));
    EXPECT_FALSE(waits(store->profile(TelegramId(1))));
}

TEST_F(SqliteBatchOnAFailingDisk, AFailedWriteIsUnavailable) {
    FailingDisk disk;
    const auto store = open();
    run_task(*store, 1, "1_1");
    disk.fail_writes(true);
    EXPECT_THROW(test::run(loop_, store->accept(text_request(1, "1_2"))), Unavailable);
    disk.fail_writes(false);
    EXPECT_FALSE(test::run(loop_, store->story(TaskId("1_2"))).has_value());
    run_task(*store, 1, "1_3");
    EXPECT_TRUE(test::run(loop_, store->verify()).empty());
}

}  // namespace
}  // namespace mlbilling::test
