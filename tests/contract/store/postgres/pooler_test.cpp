// Through PgBouncer in transaction mode: each transaction may be on another server session.
#include "support/pgbouncer.hpp"

#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

TEST_F(PostgresStoreTest, WorksThroughAPoolerInTransactionMode) {
    const PgBouncer pooler(PostgresServer::shared(), 2);
    const auto pooled = open_store(loop(), pooler.url(database().name()));
    // More transactions at once than the pooler has server sessions, so that they change hands.
    std::vector<Started<TaskOutcome>> accepts;
    for (std::int64_t user = 1; user <= 30; ++user)
        accepts.emplace_back(loop(), pooled->accept(text_task(user, 1, 10)));
    std::vector<Started<AnswerOutcome>> answers;
    for (std::int64_t user = 1; user <= 30; ++user)
        answers.emplace_back(loop(), pooled->answer({{BotId(2), UpdateId(user)},
                                                     {TelegramId(user), "", Language::english},
                                                     {ChatId(user), MessageId(2)},
                                                     {Notice::Kind::help, {}},
                                                     std::nullopt,
                                                     {Credits(20)}}));
    loop().restart();
    while (!std::ranges::all_of(accepts, &Started<TaskOutcome>::done) ||
           !std::ranges::all_of(answers, &Started<AnswerOutcome>::done))
        loop().run_one();
    for (const auto& accept : accepts)
        EXPECT_TRUE(std::holds_alternative<Accepted>(accept.value()));
    for (const auto& answer : answers) EXPECT_TRUE(answer.value().has_value());
    const auto leased =
        std::get<Leased>(run(pooled->lease(TaskId("1_1"), "worker", Duration(45'000))));
    run(pooled->complete(completion_of(leased, 1)));
    run(pooled->sweep({}));
    EXPECT_TRUE(run(pooled->verify()).empty());
    // The pooler was in use, and no more sessions than it may have.
    EXPECT_EQ(database().value("SELECT count(*) BETWEEN 1 AND 2 FROM pg_stat_activity WHERE "
                               "datname = current_database() "
                               "AND pid <> pg_backend_pid()"),
              "t");
}

TEST(PostgresPooler, MigratesThroughAPooler) {
    const PostgresDatabase empty(PostgresServer::shared());
    const PgBouncer pooler(PostgresServer::shared(), 2);
    EXPECT_FALSE(migrate(pooler.url(empty.name())).empty());
    EXPECT_TRUE(migrate(pooler.url(empty.name())).empty());
}

}  // namespace
}  // namespace mlbilling::test
