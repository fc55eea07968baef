// The invariants of ledger.md 5.3, checked over the whole book.
#include <algorithm>
#include <utility>

#include "adapters/sqlite/operator.hpp"
#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

/// Violations of one invariant that are named; more would only hide the others.
constexpr int named_at_most = 100;

/// A query whose every row names the subject of a violation.
struct Invariant {
    std::string_view name;
    Sql violations;
};

constexpr Invariant about_accounts[] = {{"balance is the sum of the ledger, without gaps", R"(
        SELECT 'user ' || u.id FROM users u
          LEFT JOIN balances b ON b.user_id = u.id
          LEFT JOIN (SELECT user_id, sum(amount) total, count(*) rows, max(sequence) last
                       FROM transactions GROUP BY user_id) x ON x.user_id = u.id
         WHERE b.user_id IS NULL OR b.balance <> coalesce(x.total, 0)
            OR b.sequence <> coalesce(x.rows, 0) OR b.sequence <> coalesce(x.last, 0) LIMIT ?)"},
                                        {"held is the sum of the open holds", R"(
        SELECT 'user ' || b.user_id FROM balances b
          LEFT JOIN (SELECT user_id, sum(amount) total FROM holds WHERE state = 'open'
                      GROUP BY user_id) h ON h.user_id = b.user_id
         WHERE b.held <> coalesce(h.total, 0) LIMIT ?)"},
                                        {"0 <= held <= balance", R"(
        SELECT 'user ' || user_id FROM balances
         WHERE balance < 0 OR held < 0 OR held > balance LIMIT ?)"},
                                        {"every transaction says the balance after it", R"(
        SELECT 'transaction ' || id FROM (
            SELECT id, balance_after, sum(amount) OVER (PARTITION BY user_id ORDER BY sequence) total
              FROM transactions) WHERE balance_after <> total LIMIT ?)"},
                                        {"the sum of the balances is the sum of the ledger", R"(
        SELECT 'the book' WHERE (SELECT coalesce(sum(amount), 0) FROM transactions)
                             <> (SELECT coalesce(sum(balance), 0) FROM balances) LIMIT ?)"},
                                        {"the totals of the bookings are those of the ledger", R"(
        SELECT 'bookings of type ' || l.type
          FROM (SELECT type, sum(abs(amount)) AS total FROM transactions GROUP BY type) l
          LEFT JOIN (SELECT type, sum(amount) AS total FROM (
                         SELECT type, amount FROM booking_totals
                         UNION ALL
                         SELECT type, abs(amount) FROM transactions
                          WHERE id > (SELECT up_to FROM booking_cursor)) x
                      GROUP BY type) b ON b.type = l.type
         WHERE b.total IS NOT l.total LIMIT ?)"}};

constexpr Invariant about_tasks[] = {
    {"a charge is in the ledger exactly once", R"(
        SELECT 'task ' || h.task_id FROM holds h
          LEFT JOIN (SELECT task_id, user_id, sum(amount) total, count(*) rows FROM transactions
                      WHERE type = 'charge' GROUP BY task_id, user_id) x ON x.task_id = h.task_id
         WHERE (h.charged > 0) <> (x.task_id IS NOT NULL)
            OR x.rows <> 1 OR x.total <> -h.charged OR x.user_id <> h.user_id
            OR (x.rows = 1 AND h.state <> 'charged')
        UNION ALL
        SELECT 'transaction ' || x.id FROM transactions x LEFT JOIN holds h ON h.task_id = x.task_id
         WHERE x.type = 'charge' AND h.task_id IS NULL LIMIT ?)"},
    {"a hold is open while its task runs, and costs what it charged", R"(
        SELECT 'task ' || t.id FROM tasks t LEFT JOIN holds h ON h.task_id = t.id
         WHERE h.task_id IS NULL OR h.user_id <> t.user_id
            OR (t.status IN ('created', 'processing')) <> (h.state = 'open')
            OR (t.status = 'completed') <> (h.state = 'charged')
            OR coalesce(t.cost, 0) <> h.charged LIMIT ?)"},
    {"refunds never exceed the charge", R"(
        SELECT 'task ' || task_id FROM transactions WHERE task_id IS NOT NULL
         GROUP BY task_id HAVING sum(amount) > 0 LIMIT ?)"},
    {"a waiting task has its outbox row", R"(
        SELECT 'task ' || t.id FROM tasks t WHERE t.status = 'created'
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.task_id = t.id AND o.kind = 'task')
         LIMIT ?)"},
    {"the end of a task is owed to its chat", R"(
        SELECT 'task ' || t.id FROM tasks t
         WHERE t.status IN ('completed', 'error', 'expired') AND t.chat_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.task_id = t.id) LIMIT ?)"}};

void check_by_query(Session& session, const Invariant& invariant, std::vector<Violation>& found) {
    auto row = session.database.query(invariant.violations, named_at_most);
    while (row.next()) found.push_back({std::string(invariant.name), row.read<std::string>()});
}

void check_references(Session& session, std::vector<Violation>& found) {
    auto row =
        session.database.query(R"(SELECT "table", coalesce(rowid, 0) FROM pragma_foreign_key_check
                                          LIMIT ?)",
                               named_at_most);
    while (row.next()) {
        auto table = row.read<std::string>();
        found.push_back({"every reference has its row",
                         table + ' ' + std::to_string(row.read<std::int64_t>())});
    }
}

/// A completed task as its cost was made.
Credits reproduced_cost(const Price& price, Units measured, bool cached, Credits held) {
    const auto full = cost_of(price, measured).value_or(Credits(Credits::limit));
    return std::min(held, cached ? cached_cost(price, full) : full);
}

void check_costs(Session& session, std::vector<Violation>& found) {
    auto row = session.database.query(R"(
        SELECT t.id, t.cost, t.units_measured, t.cached, h.amount,
               p.id, p.type, p.micro_credits_per_unit, p.min_credits, p.cached_percent, p.valid_from,
               p.valid_until
          FROM tasks t JOIN holds h ON h.task_id = t.id JOIN prices p ON p.id = t.price_id
         WHERE t.status = 'completed' AND t.units_measured IS NOT NULL)");
    for (int violations = 0; violations < named_at_most && row.next();) {
        const auto id = row.read<std::string>();
        const auto cost = row.read<Credits>();
        const auto measured = row.read<Units>();
        const bool cached = row.read<bool>();
        const auto held = row.read<Credits>();
        if (cost == reproduced_cost(read_price(row), measured, cached, held)) continue;
        found.push_back({"a cost follows from its price and units", "task " + id});
        ++violations;
    }
}

}  // namespace

std::vector<Violation> verify(Session& session) {
    std::vector<Violation> found;
    for (const auto& invariant : about_accounts) check_by_query(session, invariant, found);
    for (const auto& invariant : about_tasks) check_by_query(session, invariant, found);
    check_costs(session, found);
    check_references(session, found);
    return found;
}

}  // namespace mlbilling::sqlite
