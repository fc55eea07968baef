// What the database itself refuses, whoever asks.
#include <gmock/gmock.h>

#include "postgres_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::HasSubstr;

class PostgresLedgerGuard : public PostgresStoreTest {
  protected:
    void SetUp() override {
        accept(1, 1, 10);
        run(store().complete(completion_of(lease(TaskId("1_1")), 1)));
        accept(1, 2, 10);
    }

    /// What the server says to a statement of the role; empty when it obeys.
    std::string refusal(const std::string& role, const std::string& statement) {
        try {
            database().execute("SET ROLE " + role + ';' + statement);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    }
};

TEST_F(PostgresLedgerGuard, TheServiceMayNotChangeTheLedger) {
    for (const std::string statement :
         {"UPDATE transactions SET amount = 1", "DELETE FROM transactions", "TRUNCATE transactions",
          "UPDATE audit SET actor = 'nobody'", "DELETE FROM tasks", "DELETE FROM balances",
          "DELETE FROM holds", "ALTER TABLE transactions DISABLE TRIGGER ALL",
          "DROP TABLE transactions"}) {
        EXPECT_THAT(refusal("mlbilling_service", statement),
                    testing::AnyOf(HasSubstr("permission denied"), HasSubstr("must be owner")))
            << statement;
    }
}

TEST_F(PostgresLedgerGuard, EvenTheOwnerMayNotChangeTheLedger) {
    for (const std::string statement :
         {"UPDATE transactions SET amount = 1", "UPDATE transactions SET reason = '' WHERE false",
          "DELETE FROM transactions", "TRUNCATE transactions",
          "SET session_replication_role = replica; DELETE FROM transactions"}) {
        EXPECT_THAT(refusal("postgres", statement), HasSubstr("append-only")) << statement;
    }
}

TEST_F(PostgresLedgerGuard, OneChargeOfATask) {
    const std::string other_key = R"(
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence,
                                  balance_after, idempotency_key, actor, reason)
        VALUES (1, -1, 'charge', '1_1', now(), 9, 0, 'another', '', ''))";
    EXPECT_THAT(refusal("postgres", other_key), HasSubstr("one_charge_of_a_task"));
    const std::string same_key = R"(
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence,
                                  balance_after, idempotency_key, actor, reason)
        VALUES (1, -1, 'charge', '1_1', now(), 9, 0, 'charge:1_1', '', ''))";
    EXPECT_THAT(refusal("postgres", same_key), HasSubstr("idempotency_key"));
}

TEST_F(PostgresLedgerGuard, WhatIsOverStaysAsItIs) {
    EXPECT_THAT(refusal("postgres", "UPDATE tasks SET cost = 0 WHERE id = '1_1'"),
                HasSubstr("never changes its end"));
    EXPECT_THAT(refusal("postgres", "UPDATE holds SET charged = 0 WHERE task_id = '1_1'"),
                HasSubstr("resolved once"));
    EXPECT_THAT(refusal("postgres", "UPDATE prices SET min_credits = 2"), HasSubstr("only closed"));
    EXPECT_THAT(refusal("postgres", "DELETE FROM prices"), HasSubstr("never deleted"));
}

TEST_F(PostgresLedgerGuard, ABalanceIsNeverNegativeNorPromisedTwice) {
    EXPECT_THAT(refusal("postgres", "UPDATE balances SET balance = -1"), HasSubstr("balances"));
    EXPECT_THAT(refusal("postgres", "UPDATE balances SET held = balance + 1"),
                HasSubstr("balances"));
}

TEST_F(PostgresLedgerGuard, ReportsReadTheBookAndNoTexts) {
    EXPECT_EQ(refusal("mlbilling_reports", "SELECT sum(amount) FROM transactions"), "");
    EXPECT_EQ(refusal("mlbilling_reports", "SELECT status, count(*) FROM tasks GROUP BY 1"), "");
    for (const std::string statement :
         {"SELECT payload FROM tasks", "SELECT result FROM tasks", "SELECT username FROM users",
          "SELECT payload FROM task_records", "INSERT INTO audit DEFAULT VALUES"})
        EXPECT_THAT(refusal("mlbilling_reports", statement), HasSubstr("permission denied"))
            << statement;
}

/// The whole life of tasks as a login that is no more than a member of mlbilling_service.
TEST_F(PostgresLedgerGuard, TheServicesRoleIsEnoughForTheService) {
    database().execute("DROP ROLE IF EXISTS bot; CREATE ROLE bot LOGIN IN ROLE mlbilling_service");
    const auto service = open_store(loop(), database().url("bot"));
    boost::asio::io_context other;
    postgres::Options options;
    options.url = database().url("bot");
    test::run(other, postgres::check_schema(options, other.get_executor()));

    run(service->accept(text_task(2, 1, 10)));
    const auto leased =
        std::get<Leased>(run(service->lease(TaskId("2_1"), "worker", Duration(45'000))));
    run(service->extend_lease(leased.task.id, leased.task.epoch, Duration(45'000)));
    run(service->adjust_hold(leased.task.id, leased.task.epoch, Units(20), Credits(2)));
    auto completion = completion_of(leased, 2);
    completion.measured = Units(20);
    completion.cache_key = "key";
    ASSERT_TRUE(std::holds_alternative<Settled>(run(service->complete(completion))));
    const auto delivery = run(service->claim_result(TaskId("2_1"), Duration(60'000)));
    ASSERT_TRUE(delivery.has_value());
    EXPECT_TRUE(run(service->part_sent(delivery->id, delivery->claim, MessageId(9), "file", true,
                                       Duration(60'000))));
    EXPECT_EQ(run(service->take_outbox(10, Duration(30'000))).size(), 0U);
    run(service->move_chat(ChatId(2), ChatId(3)));
    run(service->correct({TelegramId(2), Credits(5), "operator", "a test", "1"}));
    run(service->refund(TaskId("2_1"), Credits(1), "operator", "a test", "1"));
    run(service->set_role(TelegramId(2), Role::admin, "operator"));
    run(service->cancel_task(TaskId("1_2")));
    Price price;
    price.micro_credits_per_unit = 200'000;
    price.min_credits = Credits(1);
    run(service->set_price(price));
    run(service->hold_poll_lease(BotId(1), "me", Duration(10'000)));
    run(service->release_poll_lease(BotId(1), "me"));
    run(service->reserve("quota", {.count = 20, .per = Duration(1'000)}, 1));
    run(service->take_turn({"hourly", "1_1", {.count = 20, .per = Duration(3'600'000)}}));
    run(service->give_back_turn("hourly", "1_1"));
    run(service->sweep(
        {.keep_inbox = Duration(0), .keep_proposals = Duration(0), .keep_cache = Duration(0)}));
    run(service->statistics());
    EXPECT_EQ(run(service->history(TelegramId(2), std::nullopt, 10)).size(), 4U);
    EXPECT_TRUE(run(service->verify()).empty());
}

}  // namespace
}  // namespace mlbilling::test
