// What the operator reads: the story of a task, and sums over the book.
#include <algorithm>

#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/operations.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/stored_documents/notice_kinds.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

std::optional<HoldState> parse_hold_state(std::string_view name) {
    for (const auto state : {HoldState::open, HoldState::charged, HoldState::released})
        if (name == to_string(state)) return state;
    return std::nullopt;
}

/// The hold's state, and whether a message about the task has yet to reach the broker.
Async<void> read_hold(Session& session, TaskStory& story) {
    auto row = co_await session.query(R"(
        SELECT state, EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = $1 AND o.state <> 'published')
          FROM holds WHERE task_id = $1)",
                                      story.task.id);
    CHECK(row.next());
    story.hold = row.read_name(parse_hold_state);
    story.in_outbox = row.read<bool>();
}

Async<std::vector<TransactionRecord>> transactions_of(Session& session, TaskId task) {
    // The charge is found by its key, the refunds by their index.
    auto row = co_await session.query(R"(
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at
          FROM transactions WHERE idempotency_key = $1
        UNION ALL
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at
          FROM transactions WHERE task_id = $2 AND type = 'refund'
        ORDER BY id)",
                                      key_of_charge(task), task);
    std::vector<TransactionRecord> transactions;
    while (row.next()) transactions.push_back(read_transaction(row));
    co_return transactions;
}

std::vector<DeliveryRecord> read_deliveries(Rows row) {
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

/// How many rows there are, and how old the oldest is.
struct Backlog {
    std::int64_t rows = 0;
    Duration oldest{};
};

Backlog read_backlog(const Session& session, Rows row) {
    CHECK(row.next());
    Backlog backlog;
    backlog.rows = row.read<std::int64_t>();
    if (const auto since = row.read<std::optional<Time>>())
        backlog.oldest = std::max(Duration{}, session.now - *since);
    return backlog;
}

Async<void> add_money(Session& session, Statistics& sums) {
    auto row = co_await session.query(R"(
        SELECT count(*), coalesce(sum(balance), 0)::bigint, coalesce(sum(held), 0)::bigint
          FROM balances)");
    CHECK(row.next());
    sums.users = row.read<std::int64_t>();
    sums.balance_total = row.read<std::int64_t>();
    sums.held_total = row.read<std::int64_t>();
}

Async<void> add_bookings(Session& session, Statistics& sums) {
    auto row = co_await session.query(R"(
        SELECT type, sum(amount)::bigint, sum(starting_grants)::bigint FROM (
            SELECT type, amount, starting_grants FROM booking_totals
            UNION ALL
            SELECT type, abs(amount), (type = 'grant' AND reason = 'registration')::integer
              FROM transactions WHERE id > (SELECT up_to FROM booking_cursor)) x
         GROUP BY type)");
    while (row.next()) {
        BookedTotal total;
        total.type = row.read_name(parse_transaction_type);
        total.amount = row.read<std::int64_t>();
        sums.booked.push_back(total);
        sums.starting_grants += row.read<std::int64_t>();
    }
    auto delayed = co_await session.query(
        "SELECT coalesce(pg_sequence_last_value('owed_grants_id_seq'::regclass), 0)");
    CHECK(delayed.next());
    sums.grants_delayed = delayed.read<std::int64_t>();
}

}  // namespace

Async<std::optional<TaskStory>> story(Session& session, const TaskId& id) {
    auto task = co_await find_task(session, id);
    if (!task) co_return std::nullopt;
    TaskStory story;
    story.task = *std::move(task);
    co_await read_hold(session, story);
    story.transactions = co_await transactions_of(session, id);
    story.deliveries = read_deliveries(co_await session.query(R"(
        SELECT d.id, d.chat_id, d.kind, d.state, d.attempt, d.parts_sent, d.detail, d.created_at,
               d.sent_at, d.reply_to, d.task_id, coalesce(r.outcome, '')
          FROM deliveries d LEFT JOIN refusals r ON r.delivery_id = d.id WHERE d.task_id = $1)",
                                                              id));
    co_return story;
}

Async<std::vector<DeliveryRecord>> failed_deliveries(Session& session, int limit) {
    CHECK(limit >= 0);
    auto rows = co_await session.query(R"(
        SELECT d.id, d.chat_id, d.kind, d.state, d.attempt, d.parts_sent, d.detail, d.created_at,
               d.sent_at, d.reply_to, d.task_id, coalesce(r.outcome, '')
          FROM deliveries d LEFT JOIN refusals r ON r.delivery_id = d.id
         WHERE d.stage = 'given up' ORDER BY d.id DESC LIMIT $1)",
                                       limit);
    co_return read_deliveries(std::move(rows));
}

Async<std::vector<TaskId>> newest_tasks(Session& session, std::optional<TelegramId> user,
                                        int limit) {
    CHECK(limit >= 0);
    Rows row;
    if (user)
        row = co_await session.query(R"(
            SELECT id FROM tasks WHERE user_id = (SELECT id FROM users WHERE telegram_id = $1)
             ORDER BY number DESC LIMIT $2)",
                                     *user, limit);
    else
        row = co_await session.query("SELECT id FROM tasks ORDER BY number DESC LIMIT $1", limit);
    std::vector<TaskId> ids;
    while (row.next()) ids.push_back(row.read<TaskId>());
    co_return ids;
}

Async<LedgerEnd> ledger_end(Session& session) {
    auto row = co_await session.query(R"(
        SELECT coalesce(max(id), 0), pg_snapshot_xmax(pg_current_snapshot())::text
          FROM transactions)");
    CHECK(row.next());
    LedgerEnd end;
    end.id = row.read<std::int64_t>();
    end.unfinished = row.read<std::string>();
    co_return end;
}

Async<bool> all_ended_before(Session& session, std::string unfinished) {
    auto row = co_await session.query(
        "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8", unfinished);
    CHECK(row.next());
    co_return row.read<bool>();
}

Async<std::vector<TransactionRecord>> ledger_rows(Session& session, std::int64_t after,
                                                  std::int64_t last, int limit) {
    CHECK(limit >= 0);
    auto row = co_await session.query(R"(
        SELECT id, user_id, amount, type, task_id, sequence, balance_after, idempotency_key, actor,
               reason, created_at
          FROM transactions WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3)",
                                      after, last, limit);
    std::vector<TransactionRecord> transactions;
    while (row.next()) transactions.push_back(read_transaction(row));
    co_return transactions;
}

Async<Statistics> statistics(Session& session) {
    Statistics sums;
    co_await add_money(session, sums);
    co_await add_bookings(session, sums);
    // What waits has its row in outbox, what runs in leases: tasks itself is not read through.
    const auto created = read_backlog(session, co_await session.query(R"(
        SELECT count(*), min(t.created_at) FROM outbox o JOIN tasks t ON t.id = o.task_id
         WHERE o.kind = 'task' AND t.status = 'created')"));
    sums.tasks_created = created.rows;
    sums.oldest_created_task = created.oldest;
    const auto processing = read_backlog(session, co_await session.query(R"(
        SELECT count(*), min(t.created_at) FROM leases l JOIN tasks t ON t.id = l.task_id
         WHERE t.status = 'processing')"));
    sums.tasks_processing = processing.rows;
    const auto outbox = read_backlog(
        session, co_await session.query(
                     "SELECT count(*), min(created_at) FROM outbox WHERE state <> 'published'"));
    sums.outbox_rows = outbox.rows;
    sums.oldest_outbox_row = outbox.oldest;
    const auto undelivered = read_backlog(session, co_await session.query(R"(
        SELECT count(*), min(created_at) FROM deliveries WHERE stage = 'open')"));
    sums.undelivered = undelivered.rows;
    sums.oldest_undelivered = undelivered.oldest;
    co_return sums;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
