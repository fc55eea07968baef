// Reports go to the read replica; what concerns money never does.
#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

class PostgresReplica : public testing::Test {
  protected:
    PostgresReplica() {
        primary_.execute("postgres", "CREATE DATABASE book");
        migrate(primary_.url("book"));
        replica_ = std::make_unique<PostgresServer>(primary_, "replica");
        postgres::Options options;
        options.url = primary_.url("book");
        options.replica_url = replica_->url("book");
        store_ = std::make_unique<postgres::PostgresStore>(options, loop_.get_executor());
    }

    template <class T>
    T run(Async<T> work) {
        return test::run(loop_, std::move(work));
    }
    /// Sessions of our programs with the server.
    static std::string sessions(const PostgresServer& server) {
        return server.value("postgres",
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = 'book'");
    }

    PostgresServer primary_;
    std::unique_ptr<PostgresServer> replica_;
    boost::asio::io_context loop_;
    std::unique_ptr<postgres::PostgresStore> store_;
};

TEST_F(PostgresReplica, AnswersReportsAndNothingElse) {
    run(store_->statistics());
    run(store_->verify());
    run(store_->history(TelegramId(1), std::nullopt, 10));
    EXPECT_EQ(sessions(primary_), "0");
    EXPECT_NE(sessions(*replica_), "0");

    // Replay stands still, so that the replica does not know the task.
    replica_->execute("postgres", "SELECT pg_wal_replay_pause()");
    ASSERT_TRUE(std::holds_alternative<Accepted>(run(store_->accept(text_task(1, 1, 10)))));
    EXPECT_EQ(run(store_->profile(TelegramId(1)))->account, (Account{Credits(20), Credits(1)}));
    EXPECT_TRUE(run(store_->story(TaskId("1_1"))).has_value());
    EXPECT_EQ(run(store_->statistics()).users, 0);
}

TEST_F(PostgresReplica, IsDoneWithoutWhenItIsGone) {
    run(store_->accept(text_task(1, 1, 10)));
    replica_->kill();
    EXPECT_EQ(run(store_->statistics()).users, 1);
    EXPECT_EQ(run(store_->history(TelegramId(1), std::nullopt, 10)).size(), 1U);
}

}  // namespace
}  // namespace mlbilling::test
