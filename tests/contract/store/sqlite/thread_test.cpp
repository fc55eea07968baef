// The writer's thread: shared commits, cancelling, a clean and an unclean end.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <csignal>
#include <latch>

#include "adapters/sqlite/connection_thread.hpp"
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::IsEmpty;

class SqliteThread : public SqliteTest {};

TEST_F(SqliteThread, OperationsThatWaitShareACommit) {
    const auto store = open();
    const auto before = store->commits();
    RawDatabase other(path());
    ASSERT_EQ(other.run("BEGIN IMMEDIATE"), "");
    start_accepting(*store, 50);
    ASSERT_EQ(other.run("COMMIT"), "");
    finish(50);
    EXPECT_EQ(accepted_, 50);
    // One batch that was taken while the first ones came, and one with all the others.
    EXPECT_LE(store->commits() - before, 2);
}

TEST_F(SqliteThread, OneAfterTheOtherEachCommitsAtOnce) {
    const auto store = open();
    const auto before = store->commits();
    for (int i = 0; i < 5; ++i) test::run(loop_, store->accept(text_request(1, std::to_string(i))));
    EXPECT_EQ(store->commits() - before, 5);
}

TEST_F(SqliteThread, ReadingCommitsNothing) {
    const auto store = open();
    run_task(*store, 1, "1_1");
    const auto before = store->commits();
    test::run(loop_, store->profile(TelegramId(1)));
    test::run(loop_, store->due_deliveries(10));
    test::run(loop_, store->verify());
    EXPECT_EQ(store->commits(), before);
}

TEST_F(SqliteThread, AReportSeesWhatWasCommittedBeforeIt) {
    const auto store = open();
    for (int i = 1; i <= 20; ++i) {
        run_task(*store, i, std::to_string(i));
        EXPECT_EQ(test::run(loop_, store->statistics()).users, i);
    }
}

TEST_F(SqliteThread, ACancelledCallerIsReleasedAndItsOperationDone) {
    const auto store = open();
    RawDatabase other(path());
    ASSERT_EQ(other.run("BEGIN IMMEDIATE"), "");
    boost::asio::cancellation_signal signal;
    std::exception_ptr error;
    boost::asio::co_spawn(
        loop_, store->accept(text_request(1, "1_1")),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr e, const TaskOutcome&) { error = e; }));
    clock_.drain();
    signal.emit(boost::asio::cancellation_type::terminal);
    clock_.drain();
    ASSERT_TRUE(error);
    EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
    ASSERT_EQ(other.run("COMMIT"), "");
    EXPECT_TRUE(test::run(loop_, store->story(TaskId("1_1"))).has_value());
}

TEST_F(SqliteThread, CancellingAfterTheResultChangesNothing) {
    const auto store = open();
    boost::asio::cancellation_signal signal;
    bool accepted = false;
    boost::asio::co_spawn(
        loop_, store->accept(text_request(1, "1_1")),
        boost::asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr e, const TaskOutcome&) { accepted = !e; }));
    loop_.restart();
    loop_.run();
    signal.emit(boost::asio::cancellation_type::terminal);
    clock_.drain();
    EXPECT_TRUE(accepted);
}

TEST_F(SqliteThread, TheThreadNeverStopsTheLoop) {
    // Nothing else keeps this loop going, and test::run throws when it ends early.
    const auto store = open();
    for (int i = 0; i < 20'000; ++i) test::run(loop_, store->profile(TelegramId(1)));
}

TEST_F(SqliteThread, TheEndFinishesWhatIsQueued) {
    using sqlite::Access;
    using sqlite::Connection;
    auto database = std::make_unique<Connection>(path(), Connection::Mode::read_write, false);
    database->run("CREATE TABLE marks (number INTEGER)");
    auto thread = std::make_unique<sqlite::ConnectionThread>(std::move(database), clock_,
                                                             loop_.get_executor());
    const auto start = [&](sqlite::Operation operation) {
        boost::asio::co_spawn(loop_, thread->run(Access::write, std::move(operation)),
                              [this](std::exception_ptr error) {
                                  ++ended_;
                                  if (error) ++failed_;
                              });
        clock_.drain();
    };
    const auto mark = [](sqlite::Session& session) {
        session.database.run("INSERT INTO marks VALUES (1)");
    };
    // The first holds the thread until the end has begun, so that it finds the others queued.
    std::latch first_runs(1);
    std::latch end_begins(1);
    start([&](sqlite::Session& session) {
        first_runs.count_down();
        end_begins.wait();
        mark(session);
    });
    first_runs.wait();
    for (int i = 0; i < 20; ++i) start(mark);
    end_begins.count_down();
    thread.reset();
    EXPECT_EQ(RawDatabase(path()).value("SELECT count(*) FROM marks"), "21");
    finish(21);
    EXPECT_EQ(failed_, 0);
}

TEST_F(SqliteThread, ALoopThatEndsFirstLosesOnlyTheAnswers) {
    {
        boost::asio::io_context short_lived;
        sqlite::SqliteStore store({.path = path()}, short_lived.get_executor(), clock_);
        boost::asio::co_spawn(short_lived, store.accept(text_request(1, "1_1")),
                              [](std::exception_ptr, const TaskOutcome&) {});
        short_lived.poll();
    }
    EXPECT_EQ(RawDatabase(path()).value("SELECT count(*) FROM tasks"), "1");
}

TEST_F(SqliteThread, AnAcknowledgedTaskSurvivesAKill) {
    for (int round = 1; round <= 3; ++round) {
        const pid_t child = fork();
        if (child == 0) {
            const auto store = open();
            for (int i = 0; i < 5; ++i) run_task(*store, 1, std::to_string(round * 10 + i));
            start_accepting(*store, 10);
            raise(SIGKILL);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        const auto store = open();
        for (int i = 0; i < 5; ++i) {
            const auto story =
                test::run(loop_, store->story(TaskId(std::to_string(round * 10 + i))));
            EXPECT_EQ(story.value().task.status, TaskStatus::completed);
        }
        EXPECT_THAT(violations(test::run(loop_, store->verify())), IsEmpty());
    }
}

}  // namespace
}  // namespace mlbilling::test
