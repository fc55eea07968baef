// verify() finds what somebody else broke behind our back.
#include "sqlite_fixture.hpp"

namespace mlbilling::test {
namespace {

using testing::Contains;
using testing::IsEmpty;

struct Corruption {
    const char* name;
    const char* sql;
    const char* invariant;
};

class SqliteCorruption : public SqliteTest, public testing::WithParamInterface<Corruption> {
  protected:
    static constexpr auto disarm = R"(
        PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
        DROP TRIGGER a_transaction_is_never_changed; DROP TRIGGER a_transaction_is_never_deleted;
        DROP TRIGGER an_ended_task_stays_ended; DROP TRIGGER a_hold_is_resolved_once;
        DROP INDEX one_charge_of_a_task; DROP TRIGGER a_price_is_only_closed;)";
};

TEST_P(SqliteCorruption, IsFound) {
    const auto store = open();
    run_task(*store, 1, "done");
    run_task(*store, 2, "also done");
    test::run(loop_, store->accept(text_request(1, "waiting")));
    ASSERT_THAT(violations(test::run(loop_, store->verify())), IsEmpty());
    ASSERT_EQ(RawDatabase(path()).run(std::string(disarm) + GetParam().sql), "");
    EXPECT_THAT(violations(test::run(loop_, store->verify())), Contains(GetParam().invariant));
}

constexpr auto sum = "balance is the sum of the ledger, without gaps";
constexpr auto once = "a charge is in the ledger exactly once";
constexpr auto hold_and_task = "a hold is open while its task runs, and costs what it charged";

INSTANTIATE_TEST_SUITE_P(
    Planted, SqliteCorruption,
    testing::Values(
        Corruption{"Balance", "UPDATE balances SET balance = balance + 1 WHERE user_id = 1", sum},
        Corruption{"Sequence", "UPDATE balances SET sequence = sequence + 1", sum},
        Corruption{"Gap", "UPDATE transactions SET sequence = 9 WHERE sequence = 2", sum},
        Corruption{"LostAccount", "DELETE FROM balances WHERE user_id = 1", sum},
        Corruption{"Held", "UPDATE balances SET held = 2 WHERE user_id = 1",
                   "held is the sum of the open holds"},
        Corruption{"Overdrawn", "UPDATE balances SET balance = -5 WHERE user_id = 2",
                   "0 <= held <= balance"},
        Corruption{"RunningBalance", "UPDATE transactions SET balance_after = 7 WHERE sequence = 1",
                   "every transaction says the balance after it"},
        Corruption{"Conservation", "UPDATE transactions SET amount = amount + 1 WHERE sequence = 1",
                   "the sum of the balances is the sum of the ledger"},
        Corruption{"LostCharge", "DELETE FROM transactions WHERE type = 'charge'", once},
        Corruption{
            "DoubleCharge",
            "INSERT INTO transactions SELECT 99, user_id, amount, type, task_id, created_at, 3, "
            "balance_after - 1, 'other', actor, reason FROM transactions "
            "WHERE task_id = 'done'",
            once},
        Corruption{"OtherAmount", "UPDATE holds SET charged = 0 WHERE task_id = 'done'", once},
        Corruption{"OpenHoldOfAnEndedTask",
                   "UPDATE holds SET state = 'open', resolved_at = NULL WHERE task_id = 'done'",
                   hold_and_task},
        Corruption{"ReleasedHoldOfAWaitingTask",
                   "UPDATE holds SET state = 'released' WHERE task_id = 'waiting'", hold_and_task},
        Corruption{"NoHold", "DELETE FROM holds WHERE task_id = 'waiting'", hold_and_task},
        Corruption{"RefundAboveCharge",
                   "INSERT INTO transactions VALUES (99, 1, 2, 'refund', 'done', 0, 3, 101, 'k', "
                   "'a', 'r')",
                   "refunds never exceed the charge"},
        Corruption{"ForgottenTask", "DELETE FROM outbox", "a waiting task has its outbox row"},
        Corruption{"ForgottenAnswer", "DELETE FROM deliveries",
                   "the end of a task is owed to its chat"},
        Corruption{"Cost", "UPDATE tasks SET cost = 5 WHERE id = 'done'",
                   "a cost follows from its price and units"},
        Corruption{"EditedPrice", "UPDATE prices SET min_credits = 0, micro_credits_per_unit = 0",
                   "a cost follows from its price and units"},
        Corruption{"LostUser", "DELETE FROM users WHERE id = 2", "every reference has its row"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace mlbilling::test
