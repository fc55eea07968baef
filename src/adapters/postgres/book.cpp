#include "adapters/postgres/book.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// A row of balances.
struct Balance {
    Account account;
    std::int64_t sequence = 0;
};

Async<Balance> lock_balance(Session& session, UserId user) {
    auto row = co_await session.query(
        "SELECT balance, held, sequence FROM balances WHERE user_id = $1 FOR UPDATE", user);
    CHECK(row.next());
    Balance balance;
    balance.account.balance = row.read<Credits>();
    balance.account.held = row.read<Credits>();
    balance.sequence = row.read<std::int64_t>();
    co_return balance;
}

/// The row is locked, so it is as it was read.
void write_balance(Session& session, UserId user, const Balance& balance) {
    session.send(R"(
        UPDATE balances SET balance = $2, held = $3, sequence = $4, updated_at = $5
         WHERE user_id = $1)",
                 user, balance.account.balance, balance.account.held, balance.sequence,
                 session.now);
}

Async<TransactionRecord> append(Session& session, const Entry& entry, const Balance& after) {
    auto row = co_await session.query(R"(
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence,
                                  balance_after, idempotency_key, actor, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id)",
                                      entry.user, entry.amount, to_string(entry.type), entry.task,
                                      session.now, after.sequence, after.account.balance, entry.key,
                                      entry.actor, entry.reason);
    CHECK(row.next());
    co_return TransactionRecord{.id = row.read<std::int64_t>(),
                                .user = entry.user,
                                .amount = entry.amount,
                                .type = entry.type,
                                .task = entry.task,
                                .sequence = after.sequence,
                                .balance_after = after.account.balance,
                                .key = entry.key.value(),
                                .actor = entry.actor,
                                .reason = entry.reason,
                                .created_at = session.now};
}

}  // namespace

Async<bool> is_booked(Session& session, const IdempotencyKey& key) {
    auto row = co_await session.query("SELECT 1 FROM transactions WHERE idempotency_key = $1", key);
    co_return row.next();
}

Async<std::optional<TransactionRecord>> book(Session& session, const Entry& entry) {
    CHECK(checked(entry).ok());
    const auto before = co_await lock_balance(session, entry.user);
    const auto account = apply(before.account, entry);
    if (!account) co_return std::nullopt;
    const Balance after{*account, before.sequence + 1};
    write_balance(session, entry.user, after);
    co_return co_await append(session, entry, after);
}

Async<std::optional<Account>> open_hold(Session& session, UserId user, const TaskId& task,
                                        Credits price) {
    const auto before = co_await lock_balance(session, user);
    const auto account = hold(before.account, price);
    if (!account) co_return std::nullopt;
    session.send("INSERT INTO holds (task_id, user_id, amount, created_at) VALUES ($1, $2, $3, $4)",
                 task, user, price, session.now);
    write_balance(session, user, {*account, before.sequence});
    co_return account;
}

Async<void> release_hold(Session& session, const TaskRecord& task) {
    const int changed = co_await session.run(R"(
        UPDATE holds SET state = $2, resolved_at = $3 WHERE task_id = $1 AND state = 'open')",
                                             task.id, to_string(HoldState::released), session.now);
    CHECK(changed == 1);
    const auto before = co_await lock_balance(session, task.user);
    write_balance(session, task.user,
                  {resolve(before.account, task.held, Credits(0)), before.sequence});
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
