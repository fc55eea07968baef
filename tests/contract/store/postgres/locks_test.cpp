// A lock that is only believed in has been the end of other ledgers: here a second session really
// holds the row, and the store really waits for it.
#include <libpq-fe.h>

#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

/// Another session, within a transaction.
class OtherSession {
  public:
    explicit OtherSession(const std::string& url)
        : connection_(PQconnectdb(url.c_str()), &PQfinish) {
        run("BEGIN");
    }
    void run(const std::string& statement) {
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(
            PQexec(connection_.get(), statement.c_str()), &PQclear);
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            throw std::runtime_error(PQerrorMessage(connection_.get()));
    }

  private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

class PostgresLocks : public PostgresStoreTest {
  protected:
    /// Runs the work while the other session holds what it has locked, and expects it to wait until
    /// that one commits.
    template <class T>
    T blocked_by(OtherSession& holder, Async<T> work) {
        Started<T> started(loop(), std::move(work));
        loop().restart();
        while (!started.done() && !somebody_waits_for_a_lock()) loop().poll();
        EXPECT_FALSE(started.done()) << "it did not wait";
        holder.run("COMMIT");
        while (!started.done()) loop().run_one();
        return started.value();
    }

    bool somebody_waits_for_a_lock() {
        return database().value(
                   "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = "
                   "current_database() AND wait_event_type = 'Lock')") == "t";
    }

    OtherSession other_{database().url()};
};

TEST_F(PostgresLocks, ACorrectionWaitsForTheBalance) {
    accept(1, 1, 10);
    other_.run("UPDATE balances SET balance = balance - 5 WHERE user_id = 1");
    other_.run(R"(INSERT INTO transactions (user_id, amount, type, created_at, sequence,
                      balance_after, idempotency_key, actor, reason)
                  VALUES (1, -5, 'adjustment', now(), 2, 15, 'other', '', ''))");
    other_.run("UPDATE balances SET sequence = 2 WHERE user_id = 1");
    const auto outcome =
        blocked_by(other_, store().correct({TelegramId(1), Credits(7), "operator", "a test", "1"}));
    const auto& booked = std::get<TransactionRecord>(outcome);
    EXPECT_EQ(booked.balance_after, Credits(22));
    EXPECT_EQ(booked.sequence, 3);
}

TEST_F(PostgresLocks, ACorrectionKeepsWhatIsBeingHeld) {
    accept(1, 1, 10);
    other_.run("UPDATE holds SET amount = amount + 3 WHERE task_id = '1_1'");
    other_.run("UPDATE balances SET held = held + 3 WHERE user_id = 1");
    blocked_by(other_, store().correct({TelegramId(1), Credits(7), "operator", "a test", "1"}));
    EXPECT_EQ(run(store().profile(TelegramId(1)))->account, (Account{Credits(27), Credits(4)}));
}

TEST_F(PostgresLocks, AnAcceptWaitsForTheBalance) {
    accept(1, 1, 10);
    other_.run("SELECT 1 FROM balances WHERE user_id = 1 FOR UPDATE");
    const auto outcome = blocked_by(other_, store().accept(text_task(1, 2, 10)));
    EXPECT_TRUE(std::holds_alternative<Accepted>(outcome));
}

TEST_F(PostgresLocks, ASettlementWaitsForTheHold) {
    accept(1, 1, 10);
    const auto leased = lease(TaskId("1_1"));
    other_.run("SELECT 1 FROM holds WHERE task_id = '1_1' FOR UPDATE");
    const auto outcome = blocked_by(other_, store().complete(completion_of(leased, 1)));
    EXPECT_TRUE(std::holds_alternative<Settled>(outcome));
}

TEST_F(PostgresLocks, ACancellationWaitsForTheHold) {
    accept(1, 1, 10);
    other_.run("SELECT 1 FROM holds WHERE task_id = '1_1' FOR UPDATE");
    EXPECT_TRUE(blocked_by(other_, store().cancel_task(TaskId("1_1"))));
}

TEST_F(PostgresLocks, ACancellationOfATaskThatIsBeingLeasedFindsItStarted) {
    accept(1, 1, 10);
    other_.run(R"(UPDATE tasks SET status = 'processing', epoch = 1, attempt = 1,
                         leased_until = now() + interval '1 minute' WHERE id = '1_1')");
    other_.run("INSERT INTO leases VALUES ('1_1')");
    other_.run("DELETE FROM outbox WHERE task_id = '1_1'");
    EXPECT_FALSE(blocked_by(other_, store().cancel_task(TaskId("1_1"))));
}

TEST_F(PostgresLocks, AnAdjustmentWaitsForTheHold) {
    accept(1, 1, 10);
    const auto leased = lease(TaskId("1_1"));
    other_.run("SELECT 1 FROM holds WHERE task_id = '1_1' FOR UPDATE");
    const auto outcome = blocked_by(
        other_, store().adjust_hold(TaskId("1_1"), leased.task.epoch, Units(30), Credits(3)));
    EXPECT_TRUE(std::holds_alternative<Adjusted>(outcome));
}

TEST_F(PostgresLocks, TwoRefundsAtOnceNeverExceedTheCharge) {
    accept(1, 1, 100);
    run(store().complete(completion_of(lease(TaskId("1_1")), 10)));
    other_.run("SELECT 1 FROM holds WHERE task_id = '1_1' FOR UPDATE");
    Started<BookingOutcome> first(
        loop(), store().refund(TaskId("1_1"), Credits(8), "operator", "a test", "1"));
    const auto second =
        blocked_by(other_, store().refund(TaskId("1_1"), Credits(8), "operator", "a test", "2"));
    while (!first.done()) loop().run_one();
    const auto is_refused = [&](const BookingOutcome& outcome) {
        const auto* failure = std::get_if<BookingFailure>(&outcome);
        return failure != nullptr && *failure == BookingFailure::above_charge;
    };
    EXPECT_NE(is_refused(first.value()), is_refused(second));
}

TEST_F(PostgresLocks, TheSameUpdateWaitsForItsFirstCopy) {
    other_.run("INSERT INTO inbox VALUES (1, 5, now())");
    const auto answer = blocked_by(other_, store().answer({{BotId(1), UpdateId(5)},
                                                           {TelegramId(1), "", Language::english},
                                                           {ChatId(1), MessageId(1)},
                                                           {Notice::Kind::help, {}},
                                                           std::nullopt,
                                                           {Credits(20)}}));
    EXPECT_FALSE(answer.has_value());
}

TEST_F(PostgresLocks, APriceIsReplacedAfterTheOneBeforeIt) {
    other_.run("SELECT 1 FROM prices WHERE type = 'text' FOR UPDATE");
    Price price;
    price.micro_credits_per_unit = 200'000;
    price.min_credits = Credits(1);
    const auto written = blocked_by(other_, store().set_price(price));
    EXPECT_EQ(written.micro_credits_per_unit, 200'000);
}

TEST_F(PostgresLocks, SlotsOfAQuotaAreTakenOneAfterTheOther) {
    const QuotaRate rate{.count = 1, .per = Duration(1'000'000)};
    run(store().reserve("quota", rate, 1));
    other_.run("UPDATE quotas SET next_at = next_at + interval '1000 s'");
    const auto wait = blocked_by(other_, store().reserve("quota", rate, 1));
    EXPECT_GT(wait, Duration(1'500'000));
}

TEST_F(PostgresLocks, ASweepLeavesWhatOthersHold) {
    accept(1, 1, 10);
    accept(2, 1, 10);
    lease(TaskId("1_1"));
    lease(TaskId("2_1"));
    database().execute("UPDATE tasks SET leased_until = now() - interval '1 s'");
    other_.run("SELECT 1 FROM holds WHERE task_id = '1_1' FOR UPDATE");
    EXPECT_EQ(run(store().sweep({})).leases_expired, 1);
    EXPECT_EQ(database().value("SELECT status FROM tasks WHERE id = '1_1'"), "processing");
    other_.run("COMMIT");
    EXPECT_EQ(run(store().sweep({})).leases_expired, 1);
}

}  // namespace
}  // namespace mlbilling::test
