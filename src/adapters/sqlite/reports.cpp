// What the operator reads: the story of a task, and sums over the book.
#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/outbox.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

namespace mlbilling::sqlite {
namespace {

HoldState read_hold_state(Session& session, const TaskId& task) {
    auto row = session.database.query("SELECT state FROM holds WHERE task_id = ?", task);
    CHECK(row.next());
    const auto state = row.read<std::string>();
    for (const auto candidate : {HoldState::open, HoldState::charged})
        if (state == to_string(candidate)) return candidate;
    return HoldState::released;
}

std::vector<TransactionRecord> transactions_of(Session& session, const TaskId& task) {
    // Two arms, one for each partial index.
    auto row = session.database.query(R"(
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at FROM transactions WHERE task_id = ?1 AND type = 'charge'
        UNION ALL
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at FROM transactions WHERE task_id = ?1 AND type = 'refund'
        ORDER BY id)",
                                      task);
    std::vector<TransactionRecord> transactions;
    while (row.next()) transactions.push_back(read_transaction(row));
    return transactions;
}

std::vector<DeliveryRecord> read_deliveries(Query&& row) {
    std::vector<DeliveryRecord> deliveries;
    while (row.next()) {
        DeliveryRecord delivery;
        delivery.id = row.read<DeliveryId>();
        delivery.chat = row.read<ChatId>();
        delivery.kind = row.read_name(parse_notice_kind);
        delivery.state = row.read<std::string>();
        delivery.attempt = row.read<int>();
        delivery.parts_sent = row.read<int>();
        delivery.detail = row.read<std::string>();
        delivery.created_at = row.read<Time>();
        delivery.sent_at = row.read<std::optional<Time>>();
        delivery.reply_to = row.read<std::optional<MessageId>>();
        delivery.task = row.read<std::optional<TaskId>>();
        delivery.paid = row.read<std::string>();
        deliveries.push_back(std::move(delivery));
    }
    return deliveries;
}

std::vector<DeliveryRecord> deliveries_of(Session& session, const TaskId& task) {
    return read_deliveries(session.database.query(R"(
        SELECT d.id, d.chat_id, d.kind, d.state, d.attempt, d.parts_sent, d.detail, d.created_at,
               d.sent_at, d.reply_to, d.task_id, coalesce(r.outcome, '')
          FROM deliveries d LEFT JOIN refusals r ON r.delivery_id = d.id WHERE d.task_id = ?)",
                                                  task));
}

/// How many rows there are, and how old the oldest is.
struct Backlog {
    std::int64_t rows = 0;
    Duration oldest{};
};

Backlog read_backlog(Session& session, Query&& row) {
    CHECK(row.next());
    Backlog backlog;
    backlog.rows = row.read<std::int64_t>();
    if (const auto since = row.read<std::optional<Time>>())
        backlog.oldest = std::max(Duration{}, session.now - *since);
    return backlog;
}

void add_money(Session& session, Statistics& sums) {
    auto row = session.database.query(
        "SELECT count(*), coalesce(sum(balance), 0), coalesce(sum(held), 0) FROM balances");
    CHECK(row.next());
    sums.users = row.read<std::int64_t>();
    sums.balance_total = row.read<std::int64_t>();
    sums.held_total = row.read<std::int64_t>();
}

void add_bookings(Session& session, Statistics& sums) {
    auto row = session.database.query(R"(
        SELECT type, sum(amount), sum(starting_grants) FROM (
            SELECT type, amount, starting_grants FROM booking_totals
            UNION ALL
            SELECT type, abs(amount), type = 'grant' AND reason = 'registration' FROM transactions
             WHERE id > (SELECT up_to FROM booking_cursor))
         GROUP BY type)");
    while (row.next()) {
        BookedTotal total;
        total.type = row.read_name(parse_transaction_type);
        total.amount = row.read<std::int64_t>();
        sums.booked.push_back(total);
        sums.starting_grants += row.read<std::int64_t>();
    }
    auto delayed = session.database.query(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'owed_grants'), 0)");
    CHECK(delayed.next());
    sums.grants_delayed = delayed.read<std::int64_t>();
}

}  // namespace

std::optional<TaskStory> story(Session& session, const TaskId& id) {
    auto task = find_task(session, id);
    if (!task) return std::nullopt;
    return TaskStory{.task = *std::move(task),
                     .hold = read_hold_state(session, id),
                     .transactions = transactions_of(session, id),
                     .deliveries = deliveries_of(session, id),
                     .in_outbox = is_in_outbox(session, id)};
}

std::vector<DeliveryRecord> failed_deliveries(Session& session, int limit) {
    CHECK(limit >= 0);
    return read_deliveries(session.database.query(R"(
        SELECT d.id, d.chat_id, d.kind, d.state, d.attempt, d.parts_sent, d.detail, d.created_at,
               d.sent_at, d.reply_to, d.task_id, coalesce(r.outcome, '')
          FROM deliveries d LEFT JOIN refusals r ON r.delivery_id = d.id
         WHERE d.state IN ('unknown', 'dead') ORDER BY id DESC LIMIT ?)",
                                                  limit));
}

std::vector<TaskId> newest_tasks(Session& session, std::optional<TelegramId> user, int limit) {
    CHECK(limit >= 0);
    std::vector<TaskId> ids;
    if (user) {
        auto row = session.database.query(R"(
            SELECT id FROM tasks WHERE user_id = (SELECT id FROM users WHERE telegram_id = ?)
             ORDER BY number DESC LIMIT ?)",
                                          *user, limit);
        while (row.next()) ids.push_back(row.read<TaskId>());
    } else {
        auto row =
            session.database.query("SELECT id FROM tasks ORDER BY number DESC LIMIT ?", limit);
        while (row.next()) ids.push_back(row.read<TaskId>());
    }
    return ids;
}

std::int64_t ledger_end(Session& session) {
    // There is one writer, and it gives the ids out in order.
    auto row = session.database.query("SELECT coalesce(max(id), 0) FROM transactions");
    CHECK(row.next());
    return row.read<std::int64_t>();
}

std::vector<TransactionRecord> ledger_rows(Session& session, std::int64_t after, std::int64_t last,
                                           int limit) {
    CHECK(limit >= 0);
    auto row = session.database.query(R"(
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at FROM transactions WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)",
                                      after, last, limit);
    std::vector<TransactionRecord> transactions;
    while (row.next()) transactions.push_back(read_transaction(row));
    return transactions;
}

Statistics statistics(Session& session) {
    Statistics sums;
    add_money(session, sums);
    add_bookings(session, sums);
    const auto created = read_backlog(
        session, session.database.query(
                     "SELECT count(*), min(created_at) FROM tasks WHERE status = 'created'"));
    sums.tasks_created = created.rows;
    sums.oldest_created_task = created.oldest;
    const auto processing = read_backlog(
        session, session.database.query(
                     "SELECT count(*), min(created_at) FROM tasks WHERE status = 'processing'"));
    sums.tasks_processing = processing.rows;
    const auto outbox = read_backlog(
        session, session.database.query(
                     "SELECT count(*), min(created_at) FROM outbox WHERE state <> 'published'"));
    sums.outbox_rows = outbox.rows;
    sums.oldest_outbox_row = outbox.oldest;
    const auto undelivered = read_backlog(session, session.database.query(R"(
        SELECT count(*), min(created_at) FROM deliveries WHERE state IN ('pending', 'sending'))"));
    sums.undelivered = undelivered.rows;
    sums.oldest_undelivered = undelivered.oldest;
    return sums;
}

}  // namespace mlbilling::sqlite
