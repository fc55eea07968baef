// The invariants of ledger.md 5.3, checked over the whole book. Each query's rows name the subjects
// of violations.
#include <algorithm>
#include <array>

#include "adapters/postgres/operations.hpp"
#include "adapters/postgres/rows.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// Violations of one invariant that are named; more would only hide the others.
constexpr int named_at_most = 100;

struct Invariant {
    std::string_view name;
    Sql violations;
};

constexpr std::array<Invariant, 6> about_accounts{
    {{"balance is the sum of the ledger, without gaps", R"(
        SELECT 'user ' || u.id FROM users u
          LEFT JOIN balances b ON b.user_id = u.id
          LEFT JOIN (SELECT user_id, sum(amount) AS total, count(*) AS entries, max(sequence) AS last
                       FROM transactions GROUP BY user_id) x ON x.user_id = u.id
         WHERE b.user_id IS NULL OR b.balance <> coalesce(x.total, 0)
            OR b.sequence <> coalesce(x.entries, 0) OR b.sequence <> coalesce(x.last, 0) LIMIT $1)"},
     {"held is the sum of the open holds", R"(
        SELECT 'user ' || b.user_id FROM balances b
          LEFT JOIN (SELECT user_id, sum(amount) AS total FROM holds WHERE state = 'open'
                      GROUP BY user_id) h ON h.user_id = b.user_id
         WHERE b.held <> coalesce(h.total, 0) LIMIT $1)"},
     {"0 <= held <= balance", R"(
        SELECT 'user ' || user_id FROM balances
         WHERE balance < 0 OR held < 0 OR held > balance LIMIT $1)"},
     {"every transaction says the balance after it", R"(
        SELECT 'transaction ' || id FROM (
            SELECT id, balance_after,
                   sum(amount) OVER (PARTITION BY user_id ORDER BY sequence) AS total
              FROM transactions) x WHERE balance_after <> total LIMIT $1)"},
     {"the sum of the balances is the sum of the ledger", R"(
        SELECT 'the book'::text WHERE (SELECT coalesce(sum(amount), 0) FROM transactions)
                                   <> (SELECT coalesce(sum(balance), 0) FROM balances) LIMIT $1)"},
     {"the totals of the bookings are those of the ledger", R"(
        SELECT 'bookings of type ' || l.type
          FROM (SELECT type, sum(abs(amount)) AS total FROM transactions GROUP BY type) l
          LEFT JOIN (SELECT type, sum(amount) AS total FROM (
                         SELECT type, amount FROM booking_totals
                         UNION ALL
                         SELECT type, abs(amount) FROM transactions
                          WHERE id > (SELECT up_to FROM booking_cursor)) x
                      GROUP BY type) b ON b.type = l.type
         WHERE b.total IS DISTINCT FROM l.total LIMIT $1)"}}};

constexpr std::array<Invariant, 6> about_tasks{
    {{"a charge is in the ledger exactly once", R"(
        SELECT 'task ' || h.task_id FROM holds h
          LEFT JOIN (SELECT task_id, user_id, sum(amount) AS total, count(*) AS entries
                       FROM transactions WHERE type = 'charge' GROUP BY task_id, user_id) x
                 ON x.task_id = h.task_id
         WHERE (h.charged > 0) <> (x.task_id IS NOT NULL)
            OR x.entries <> 1 OR x.total <> -h.charged OR x.user_id <> h.user_id
            OR (x.entries = 1 AND h.state <> 'charged')
        UNION ALL
        SELECT 'transaction ' || x.id FROM transactions x LEFT JOIN holds h ON h.task_id = x.task_id
         WHERE x.type = 'charge' AND h.task_id IS NULL LIMIT $1)"},
     {"a hold is open while its task runs, and costs what it charged", R"(
        SELECT 'task ' || t.id FROM tasks t LEFT JOIN holds h ON h.task_id = t.id
         WHERE h.task_id IS NULL OR h.user_id <> t.user_id
            OR (t.status IN ('created', 'processing')) <> (h.state = 'open')
            OR (t.status = 'completed') <> (h.state = 'charged')
            OR coalesce(t.cost, 0) <> h.charged LIMIT $1)"},
     {"refunds never exceed the charge", R"(
        SELECT 'task ' || task_id FROM transactions WHERE task_id IS NOT NULL
         GROUP BY task_id HAVING sum(amount) > 0 LIMIT $1)"},
     {"a waiting task has its outbox row", R"(
        SELECT 'task ' || t.id FROM tasks t WHERE t.status = 'created'
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = t.id AND o.kind = 'task')
         LIMIT $1)"},
     {"a running task, and no other, has its lease", R"(
        SELECT 'task ' || coalesce(t.id, l.task_id)
          FROM (SELECT id FROM tasks WHERE status = 'processing') t
          FULL JOIN leases l ON l.task_id = t.id
         WHERE t.id IS NULL OR l.task_id IS NULL LIMIT $1)"},
     {"the end of a task is owed to its chat", R"(
        SELECT 'task ' || t.id FROM tasks t
         WHERE t.status IN ('completed', 'error', 'expired') AND t.chat_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.task_id = t.id) LIMIT $1)"}}};

// The hot tables have no foreign keys, which would cost more than all the rest of an insert.
constexpr Invariant references{"every reference has its row", R"(
    SELECT 'balances ' || x.user_id FROM balances x
     WHERE NOT EXISTS (SELECT 1 FROM users p WHERE p.id = x.user_id)
    UNION ALL
    SELECT 'tasks ' || x.id FROM tasks x
     WHERE NOT EXISTS (SELECT 1 FROM users p WHERE p.id = x.user_id)
        OR NOT EXISTS (SELECT 1 FROM prices p WHERE p.id = x.price_id)
    UNION ALL
    SELECT 'holds ' || x.task_id FROM holds x
     WHERE NOT EXISTS (SELECT 1 FROM tasks p WHERE p.id = x.task_id)
    UNION ALL
    SELECT 'transactions ' || x.id FROM transactions x
     WHERE NOT EXISTS (SELECT 1 FROM users p WHERE p.id = x.user_id)
        OR (x.task_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tasks p WHERE p.id = x.task_id))
    UNION ALL
    SELECT 'outbox ' || x.id FROM outbox x
     WHERE NOT EXISTS (SELECT 1 FROM tasks p WHERE p.id = x.task_id)
    UNION ALL
    SELECT 'deliveries ' || x.id FROM deliveries x
     WHERE NOT EXISTS (SELECT 1 FROM users p WHERE p.id = x.user_id)
        OR (x.task_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tasks p WHERE p.id = x.task_id))
    LIMIT $1)"};

Async<void> check(Session& session, const Invariant& invariant, std::vector<Violation>& found) {
    auto row = co_await session.query(invariant.violations, named_at_most);
    while (row.next()) found.push_back({std::string(invariant.name), row.read<std::string>()});
}

/// A completed task as its cost was made.
Credits reproduced_cost(const Price& price, Units measured, bool cached, Credits held) {
    const auto full = cost_of(price, measured).value_or(Credits(Credits::limit));
    return std::min(held, cached ? cached_cost(price, full) : full);
}

constexpr int costs_at_a_time = 10'000;

/// The next tasks after the number, by our own formula rather than SQL's; nothing when there are
/// no more.
Async<std::optional<std::int64_t>> check_costs_after(Session& session, std::int64_t number,
                                                     std::vector<Violation>& found) {
    auto row = co_await session.query(R"(
        SELECT t.number, t.id, t.cost, t.units_measured, t.cached, h.amount,
               p.id, p.type, p.micro_credits_per_unit, p.min_credits, p.cached_percent, p.valid_from,
               p.valid_until
          FROM tasks t JOIN holds h ON h.task_id = t.id JOIN prices p ON p.id = t.price_id
         WHERE t.number > $1 AND t.status = 'completed' AND t.units_measured IS NOT NULL
         ORDER BY t.number LIMIT $2)",
                                      number, costs_at_a_time);
    std::optional<std::int64_t> last;
    while (row.next()) {
        last = row.read<std::int64_t>();
        const auto id = row.read<std::string>();
        const auto cost = row.read<Credits>();
        const auto measured = row.read<Units>();
        const bool cached = row.read<bool>();
        const auto held = row.read<Credits>();
        if (cost == reproduced_cost(read_price(row), measured, cached, held)) continue;
        found.push_back({"a cost follows from its price and units", "task " + id});
    }
    co_return last;
}

Async<void> check_costs(Session& session, std::vector<Violation>& found) {
    const auto before = found.size();
    std::optional<std::int64_t> last = 0;
    while (last && found.size() - before < named_at_most)
        last = co_await check_costs_after(session, *last, found);
    if (found.size() - before > named_at_most) found.resize(before + named_at_most);
}

}  // namespace

Async<std::vector<Violation>> verify(Session& session) {
    std::vector<Violation> found;
    for (const auto& invariant : about_accounts) co_await check(session, invariant, found);
    for (const auto& invariant : about_tasks) co_await check(session, invariant, found);
    co_await check_costs(session, found);
    co_await check(session, references, found);
    co_return found;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
