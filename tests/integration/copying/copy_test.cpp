// Moving a whole book from SQLite to PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "adapters/postgres/postgres_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "main/copy_store.hpp"
#include "support/migrated_postgres.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"
#include "support/virtual_clock.hpp"

namespace mlbilling::test {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::IsEmpty;

class Copying : public testing::Test {
  protected:
    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    void run(Async<void> work) { test::run(loop_, std::move(work)); }

    std::string path() const { return (directory_.path() / "store.db").string(); }

    TaskRequest request(std::int64_t user, std::int64_t message) {
        TaskRequest request;
        request.update = UpdateKey{BotId(1), UpdateId(++updates_)};
        request.sender = {TelegramId(user), "user" + std::to_string(user), Language::russian};
        request.id = TaskId(std::to_string(user) + '_' + std::to_string(message));
        request.data = "quote \" slash \\ newline \n nul \0 привет 👋 not UTF-8 \xff"s;
        request.claimed = Units(30);
        request.reply_to = "replies";
        request.place = Place{ChatId(user), MessageId(message)};
        request.start.credits = Credits(20);
        request.time_limit = Duration(600'000);
        return request;
    }
    Leased lease(Store& store, const std::string& id) {
        return std::get<Leased>(run(store.lease(TaskId(id), "worker", Duration(45'000))));
    }
    void complete(Store& store, const std::string& id) {
        const auto leased = lease(store, id);
        Completion completion;
        completion.task = leased.task.id;
        completion.epoch = leased.task.epoch;
        completion.measured = leased.task.units_claimed;
        completion.charge = leased.task.held;
        completion.result.parts = {{ResultKey(id + "/0.ogg"), Duration(900)}};
        completion.spending = {"local", MicroRoubles(150'000)};
        completion.cache_key = "key of " + id;
        run(store.complete(completion));
    }

    /// A book with tasks in every state, and all that may hang on them.
    void write_book(Store& store) {
        for (std::int64_t message = 1; message <= 6; ++message)
            run(store.accept(request(1, message)));
        complete(store, "1_1");
        run(store.refund(TaskId("1_1"), Credits(1), "operator", "a test", "1"));
        const auto failed = lease(store, "1_2");
        run(store.fail(TaskId("1_2"), failed.task.epoch, FailureReason::silence, std::nullopt, {}));
        const auto retried = lease(store, "1_3");
        run(store.retry(TaskId("1_3"), retried.task.epoch, clock_.now() + Duration(60'000), {}));
        lease(store, "1_4");
        run(store.cancel_task(TaskId("1_5")));
        const auto delivery = run(store.claim_result(TaskId("1_1"), Duration(60'000)));
        run(store.part_sent(delivery->id, delivery->claim, MessageId(99), "file", true,
                            Duration(60'000)));
        auto dear = request(2, 1);
        dear.ask_above = Credits(1);
        run(store.accept(dear));
        Price price;
        price.micro_credits_per_unit = 200'000;
        price.min_credits = Credits(2);
        run(store.set_price(price));
        run(store.reserve("quota", {.count = 1, .per = Duration(1'000)}, 5));
        for (const char* holder : {"1_1", "1_3"})
            run(store.take_turn({"hourly", holder, {.count = 1, .per = Duration(3'600'000)}}));
    }
    void write_source() {
        sqlite::SqliteStore store({.path = path(), .inline_execution = true}, loop_.get_executor(),
                                  clock_);
        write_book(store);
    }

    postgres::Options target() const {
        postgres::Options options;
        options.url = database_.url();
        return options;
    }
    Result<CopyReport> copy() {
        return run(copy_sqlite_to_postgres(path(), target(), loop_.get_executor(), &clock_));
    }

    void change_source(const char* statements) {
        sqlite3* file = nullptr;
        ASSERT_EQ(sqlite3_open(path().c_str(), &file), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(file, statements, nullptr, nullptr, nullptr), SQLITE_OK);
        sqlite3_close(file);
    }

    boost::asio::io_context loop_;
    VirtualClock clock_{loop_};
    TemporaryDirectory directory_;
    PostgresDatabase database_{PostgresServer::shared()};
    std::int64_t updates_ = 0;
};

void expect_same_task(const TaskStory& copy, const TaskStory& original) {
    const auto& task = copy.task;
    const auto& before = original.task;
    EXPECT_EQ(task.status, before.status);
    EXPECT_EQ(task.failure, before.failure);
    EXPECT_EQ(task.payload, before.payload);
    EXPECT_EQ(task.result, before.result);
    EXPECT_EQ(task.cost, before.cost);
    EXPECT_EQ(task.held, before.held);
    EXPECT_EQ(task.price, before.price);
    EXPECT_EQ(task.epoch, before.epoch);
    EXPECT_EQ(task.attempt, before.attempt);
    EXPECT_EQ(task.provider_cost, before.provider_cost);
    EXPECT_EQ(task.created_at, before.created_at);
    EXPECT_EQ(task.leased_until, before.leased_until);
    EXPECT_EQ(task.next_attempt_at, before.next_attempt_at);
    EXPECT_EQ(task.deadline_at, before.deadline_at);
    EXPECT_EQ(task.finished_at, before.finished_at);
    EXPECT_EQ(copy.hold, original.hold);
    EXPECT_EQ(copy.in_outbox, original.in_outbox);
    ASSERT_EQ(copy.transactions.size(), original.transactions.size());
    for (std::size_t i = 0; i < copy.transactions.size(); ++i) {
        EXPECT_EQ(copy.transactions[i].id, original.transactions[i].id);
        EXPECT_EQ(copy.transactions[i].amount, original.transactions[i].amount);
        EXPECT_EQ(copy.transactions[i].key, original.transactions[i].key);
        EXPECT_EQ(copy.transactions[i].created_at, original.transactions[i].created_at);
    }
    ASSERT_EQ(copy.deliveries.size(), original.deliveries.size());
    for (std::size_t i = 0; i < copy.deliveries.size(); ++i) {
        EXPECT_EQ(copy.deliveries[i].id, original.deliveries[i].id);
        EXPECT_EQ(copy.deliveries[i].state, original.deliveries[i].state);
        EXPECT_EQ(copy.deliveries[i].parts_sent, original.deliveries[i].parts_sent);
        EXPECT_EQ(copy.deliveries[i].sent_at, original.deliveries[i].sent_at);
    }
}

TEST_F(Copying, TheWholeBookGoesOver) {
    write_source();
    const auto report = copy();
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_EQ(report->tables.size(), 19U);
    sqlite::SqliteStore before({.path = path(), .inline_execution = true}, loop_.get_executor(),
                               clock_);
    postgres::PostgresStore after(target(), loop_.get_executor(), &clock_);
    const auto tasks = run(before.newest_tasks(std::nullopt, 100));
    EXPECT_EQ(tasks.size(), 6U);
    EXPECT_EQ(run(after.newest_tasks(std::nullopt, 100)), tasks);
    for (const auto& task : tasks) {
        SCOPED_TRACE(task.value());
        expect_same_task(run(after.story(task)).value(), run(before.story(task)).value());
    }
    for (const auto& user : run(before.users(100)))
        EXPECT_EQ(run(after.profile(user.telegram))->account, user.account);
    EXPECT_EQ(run(after.prices()), run(before.prices()));
    EXPECT_THAT(run(after.verify()), IsEmpty());
}

TEST_F(Copying, TheServiceGoesOnWhereItWas) {
    write_source();
    ASSERT_TRUE(copy().ok());
    postgres::PostgresStore store(target(), loop_.get_executor(), &clock_);
    // The update is known, the waiting task is done, the question is answered, a new task comes in.
    updates_ = 0;
    EXPECT_TRUE(std::holds_alternative<AlreadyKnown>(run(store.accept(request(1, 1)))));
    complete(store, "1_6");
    EXPECT_TRUE(std::holds_alternative<Settled>(
        run(store.fail(TaskId("1_4"), Epoch(1), FailureReason::silence, std::nullopt, {}))));
    updates_ = 1000;
    EXPECT_TRUE(std::holds_alternative<Accepted>(
        run(store.accept_proposal({.update = {BotId(1), UpdateId(++updates_)},
                                   .sender = {TelegramId(2), "", Language::russian},
                                   .proposal = ProposalId(1),
                                   .chat = ChatId(2),
                                   .prompt = MessageId(50),
                                   .reply_to = "replies",
                                   .start = {Credits(20)},
                                   .time_limit = Duration(600'000)}))));
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(store.accept(request(3, 1)))));
    EXPECT_TRUE(run(store.find_cached("key of 1_1")).has_value());
    EXPECT_THAT(run(store.verify()), IsEmpty());
}

TEST_F(Copying, ASourceInDisorderIsRefused) {
    write_source();
    change_source("UPDATE balances SET balance = balance + 1");
    EXPECT_THAT(copy().error().message, HasSubstr("the source breaks an invariant"));
    EXPECT_EQ(database_.value("SELECT to_regclass('users') IS NULL"), "t");
}

TEST_F(Copying, ATargetThatIsInUseIsRefused) {
    write_source();
    migrate(database_.url());
    {
        postgres::PostgresStore store(target(), loop_.get_executor(), &clock_);
        run(store.accept(request(7, 7)));
    }
    EXPECT_THAT(copy().error().message, HasSubstr("not empty"));
    EXPECT_EQ(database_.value("SELECT count(*) FROM users"), "1");
}

TEST_F(Copying, ASecondCopyIsRefusedAndChangesNothing) {
    write_source();
    ASSERT_TRUE(copy().ok());
    EXPECT_THAT(copy().error().message, HasSubstr("not empty"));
    EXPECT_EQ(database_.value("SELECT count(*) FROM tasks"), "6");
}

TEST_F(Copying, WhatDoesNotArriveTakesAllBack) {
    write_source();
    migrate(database_.url());
    // A trigger that loses a row on the way, as a mistake in the copy would.
    database_.execute(
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
        "CREATE TRIGGER lose BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.update_id = 3) "
        "EXECUTE FUNCTION lose()");
    EXPECT_THAT(copy().error().message, HasSubstr("inbox"));
    EXPECT_EQ(database_.value("SELECT count(*) FROM users"), "0");
}

}  // namespace
}  // namespace mlbilling::test
