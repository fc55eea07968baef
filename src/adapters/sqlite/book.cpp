#include "adapters/sqlite/book.hpp"

namespace mlbilling::sqlite {
namespace {

/// A row of balances.
struct Balance {
    Account account;
    std::int64_t sequence = 0;
};

Balance read_balance(Session& session, UserId user) {
    auto row = session.database.query(
        "SELECT balance, held, sequence FROM balances WHERE user_id = ?", user);
    CHECK(row.next());
    Balance balance;
    balance.account.balance = row.read<Credits>();
    balance.account.held = row.read<Credits>();
    balance.sequence = row.read<std::int64_t>();
    return balance;
}

/// Replaces the row only as it was read: a lost update would change nothing and be noticed.
void write_balance(Session& session, UserId user, const Balance& before, const Balance& after) {
    const int changed = session.database.run(
        R"(
        UPDATE balances SET balance = ?, held = ?, sequence = ?, updated_at = ?
         WHERE user_id = ? AND balance = ? AND held = ? AND sequence = ?)",
        after.account.balance, after.account.held, after.sequence, session.now, user,
        before.account.balance, before.account.held, before.sequence);
    CHECK(changed == 1);
}

TransactionRecord append(Session& session, const Entry& entry, const Balance& after) {
    session.database.run(
        R"(
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence,
                                  balance_after, idempotency_key, actor, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
        entry.user, entry.amount, to_string(entry.type), entry.task, session.now, after.sequence,
        after.account.balance, entry.key, entry.actor, entry.reason);
    return {.id = session.database.last_insert_id(),
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

void resolve_hold(Session& session, const TaskId& task, HoldState state, Credits charge) {
    const int changed = session.database.run(
        R"(
        UPDATE holds SET state = ?, charged = ?, resolved_at = ?
         WHERE task_id = ? AND state = 'open')",
        to_string(state), charge, session.now, task);
    CHECK(changed == 1);
}

}  // namespace

Account read_account(Session& session, UserId user) { return read_balance(session, user).account; }

bool is_booked(Session& session, const IdempotencyKey& key) {
    return session.database.query("SELECT 1 FROM transactions WHERE idempotency_key = ?", key)
        .next();
}

std::optional<TransactionRecord> book(Session& session, const Entry& entry) {
    CHECK(checked(entry).ok());
    const auto before = read_balance(session, entry.user);
    const auto account = apply(before.account, entry);
    if (!account) return std::nullopt;
    const Balance after{*account, before.sequence + 1};
    write_balance(session, entry.user, before, after);
    return append(session, entry, after);
}

std::optional<Account> open_hold(Session& session, UserId user, const TaskId& task, Credits price) {
    const auto before = read_balance(session, user);
    const auto account = hold(before.account, price);
    if (!account) return std::nullopt;
    session.database.run(
        "INSERT INTO holds (task_id, user_id, amount, created_at) VALUES (?, ?, ?, ?)", task, user,
        price, session.now);
    write_balance(session, user, before, {*account, before.sequence});
    return account;
}

std::optional<Account> change_hold(Session& session, const TaskRecord& task, Credits price) {
    const auto before = read_balance(session, task.user);
    const auto without = resolve(before.account, task.held, Credits(0));
    const auto account = hold(without, price);
    if (!account) return std::nullopt;
    const int changed = session.database.run(
        "UPDATE holds SET amount = ? WHERE task_id = ? AND state = 'open'", price, task.id);
    CHECK(changed == 1);
    write_balance(session, task.user, before, {*account, before.sequence});
    return account;
}

Account charge_hold(Session& session, const TaskRecord& task, Credits charge) {
    const auto before = read_balance(session, task.user);
    Balance after{resolve(before.account, task.held, charge), before.sequence};
    resolve_hold(session, task.id, HoldState::charged, charge);
    const bool costs = charge > Credits(0);
    if (costs) ++after.sequence;
    write_balance(session, task.user, before, after);
    if (costs) {
        const Entry entry{.user = task.user,
                          .type = TransactionType::charge,
                          .amount = -charge,
                          .task = task.id,
                          .key = key_of_charge(task.id),
                          .actor = "worker",
                          .reason = std::string(to_string(task.type))};
        CHECK(checked(entry).ok());
        append(session, entry, after);
    }
    return after.account;
}

Account release_hold(Session& session, const TaskRecord& task) {
    const auto before = read_balance(session, task.user);
    const Balance after{resolve(before.account, task.held, Credits(0)), before.sequence};
    resolve_hold(session, task.id, HoldState::released, Credits(0));
    write_balance(session, task.user, before, after);
    return after.account;
}

}  // namespace mlbilling::sqlite
