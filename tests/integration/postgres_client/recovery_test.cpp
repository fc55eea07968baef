// What the client does about lost races, lost connections and lost servers.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <functional>
#include <memory>

#include "client.hpp"
#include "ports/event.hpp"

namespace mlbilling::test {
namespace {

Async<int> backend(Session& session) {
    auto rows = co_await session.query("SELECT pg_backend_pid()");
    co_return rows.next() ? rows.read<int>() : 0;
}

/// Adds a credit to an account; at the first attempt something happens before the commit.
struct Addition {
    std::function<void(int backend)> disturb;
    int attempts = 0;
};

Async<int> add_credit(Session& session, std::shared_ptr<Addition> addition) {
    co_await session.run("UPDATE accounts SET credits = credits + 1 WHERE id = 1");
    const int process = co_await backend(session);
    if (++addition->attempts == 1) addition->disturb(process);
    co_await session.run("UPDATE accounts SET credits = credits + 1 WHERE id = 2");
    co_return addition->attempts;
}

TEST_F(PostgresClient, ATransactionThatLosesItsConnectionIsRepeated) {
    auto client = this->client(options());
    auto addition = std::make_shared<Addition>();
    addition->disturb = [&](int process) {
        database().execute("SELECT pg_terminate_backend(" + std::to_string(process) + ")");
    };
    EXPECT_EQ(
        run(client.transact(
            Access::write, [addition](Session& session) { return add_credit(session, addition); })),
        2);
    EXPECT_EQ(database().value("SELECT sum(credits) FROM accounts"), "302");
}

TEST_F(PostgresClient, IdleConnectionsThatWereCutAreReplaced) {
    auto client = this->client(options());
    run(client.transact(Access::read, backend));
    database().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    EXPECT_GT(run(client.transact(Access::read, backend)), 0);
}

TEST_F(PostgresClient, AServerThatFallsSilentIsLeftWhileTheLoopGoesOn) {
    auto settings = options();
    settings.statement_timeout = Duration(100);
    settings.grace = Duration(100);
    auto client = this->client(settings);
    int frozen = 0;
    auto addition = std::make_shared<Addition>();
    addition->disturb = [&](int process) { ::kill(frozen = process, SIGSTOP); };
    boost::asio::steady_timer other(loop(), std::chrono::milliseconds(1));
    bool other_ran = false;
    other.async_wait([&](boost::system::error_code) { other_ran = true; });
    Running<int> work(loop(), client.transact(Access::write, [addition](Session& session) {
        return add_credit(session, addition);
    }));
    loop().restart();
    while (addition->attempts == 0) loop().run_one();
    while (!other_ran) loop().run_one();
    EXPECT_FALSE(work.done());
    // It holds the row until it goes on and finds its client gone.
    while (addition->attempts == 1 && !work.done()) {
        loop().run_one();
        ::kill(frozen, SIGCONT);
    }
    EXPECT_EQ(work.result(), 2);
    EXPECT_EQ(database().value("SELECT sum(credits) FROM accounts"), "302");
}

/// Changes two accounts one after the other, the second only when the other transaction has
/// changed its first.
Async<int> change_both(Session& session, int first, int second, std::shared_ptr<int> changed) {
    co_await session.run("UPDATE accounts SET credits = credits + 1 WHERE id = $1", first);
    ++*changed;
    while (*changed < 2) co_await session.run("SELECT 1");
    co_await session.run("UPDATE accounts SET credits = credits + 1 WHERE id = $1", second);
    co_return 1;
}

TEST_F(PostgresClient, ADeadlockIsResolvedByRepeatingTheLoser) {
    auto client = this->client(options());
    auto changed = std::make_shared<int>(0);
    const auto work = [&](int first, int second) {
        return client.transact(Access::write, [=](Session& session) {
            return change_both(session, first, second, changed);
        });
    };
    Running<int> one(loop(), work(1, 2));
    Running<int> other(loop(), work(2, 1));
    EXPECT_EQ(one.result() + other.result(), 2);
    EXPECT_EQ(database().value("SELECT sum(credits) FROM accounts"), "304");
    EXPECT_EQ(database().value(
                  "SELECT deadlocks > 0 FROM pg_stat_database WHERE datname = current_database()"),
              "t");
}

TEST_F(PostgresClient, AServerThatIsNotThereIsUnavailable) {
    auto settings = options();
    // Port 1 of loopback, where nobody listens.
    settings.url = "postgresql://nobody:secret@127.0.0.1:1/ml";
    settings.patience = Duration(50);
    auto client = this->client(settings);
    try {
        run(client.transact(Access::read, backend));
        FAIL() << "somebody answers";
    } catch (const Unavailable& failure) {
        EXPECT_THAT(failure.what(), testing::HasSubstr("refused"));
        EXPECT_THAT(failure.what(), testing::Not(testing::HasSubstr("secret")));
    }
}

TEST_F(PostgresClient, TheFirstHostThatCanBeWrittenToServes) {
    auto settings = options();
    const auto at = settings.url.find('@');
    ASSERT_NE(at, std::string::npos);
    settings.url.insert(at + 1, "127.0.0.1:1,");
    auto client = this->client(settings);
    EXPECT_GT(run(client.transact(Access::read, backend)), 0);
}

TEST_F(PostgresClient, AServerThatCannotBeWrittenToIsRefused) {
    database().execute("ALTER DATABASE " + database().name() +
                       " SET default_transaction_read_only = on");
    auto settings = options();
    settings.patience = Duration(200);
    auto client = this->client(settings);
    EXPECT_THROW(run(client.transact(Access::read, backend)), Unavailable);
}

Async<int> hold_on(Session& session, std::shared_ptr<Event> release) {
    const int process = co_await backend(session);
    co_await release->wait();
    co_return process;
}

TEST_F(PostgresClient, WhoFindsAllConnectionsBusyWaitsForItsTurn) {
    auto settings = options();
    settings.connections = 1;
    auto client = this->client(settings);
    auto release = std::make_shared<Event>();
    Running<int> first(loop(), client.transact(Access::read, [=](Session& session) {
        return hold_on(session, release);
    }));
    Running<int> second(loop(), client.transact(Access::read, backend));
    run_until(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND state = 'idle in transaction'",
        "1");
    EXPECT_FALSE(second.done());
    release->set();
    EXPECT_EQ(first.result(), second.result());
}

TEST_F(PostgresClient, WhoWaitsTooLongForATurnIsToldSo) {
    auto settings = options();
    settings.connections = 1;
    settings.patience = Duration(50);
    auto client = this->client(settings);
    auto release = std::make_shared<Event>();
    Running<int> first(loop(), client.transact(Access::read, [=](Session& session) {
        return hold_on(session, release);
    }));
    EXPECT_THROW(run(client.transact(Access::read, backend)), Unavailable);
    release->set();
    EXPECT_GT(first.result(), 0);
}

TEST_F(PostgresClient, ACancelledOperationChangesNothingAndGivesItsTurnBack) {
    auto settings = options();
    settings.connections = 1;
    auto client = this->client(settings);
    auto release = std::make_shared<Event>();
    boost::asio::cancellation_signal cancel;
    std::exception_ptr failure;
    auto addition = std::make_shared<Addition>();
    addition->disturb = [&](int) { cancel.emit(boost::asio::cancellation_type::terminal); };
    boost::asio::co_spawn(
        loop(),
        client.transact(Access::write,
                        [addition](Session& session) { return add_credit(session, addition); }),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr error, int) { failure = error; }));
    EXPECT_GT(run(client.transact(Access::read, backend)), 0);
    EXPECT_TRUE(failure);
    EXPECT_EQ(database().value("SELECT sum(credits) FROM accounts"), "300");
}

}  // namespace
}  // namespace mlbilling::test
