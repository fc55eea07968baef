#include "old_tasks.hpp"

#include <algorithm>
#include <iostream>
#include <string>

namespace mlbilling::bench {
namespace {

constexpr std::int64_t at_once = 500'000;

/// Task number g is one of the user g mod :users, who had g / :users before it and paid one credit
/// for each.
constexpr const char* statement = R"(
    WITH old AS MATERIALIZED (
        SELECT g, u.id AS user_id, u.telegram_id, u.telegram_id || '_old_' || g AS task_id,
               b.sequence + g / :users + 1 AS sequence,
               b.balance - g / :users - 1 AS balance_after, now() - interval '1 year' * (:count - g) / :count AS at
          FROM generate_series(:first, :last) g JOIN users u ON u.telegram_id = g % :users + 1
          JOIN balances b ON b.user_id = u.id
         ORDER BY g),
    task AS (
        INSERT INTO tasks (id, user_id, type, status, cost, created_at, finished_at, price_id, units_claimed,
                           units_measured, provider, attempt, epoch, worker, deadline_at, chat_id, message_id, payload,
                           result)
        SELECT task_id, user_id, 'text', 'completed', 1, at, at, 1, 10, 10, 'bench', 1, 1, 'bench',
               at + interval '1 hour', telegram_id, g,
               json_build_object('data', repeat('a', 120), 'voice', '', 'speed_percent', 100),
               json_build_object('parts', json_build_array(json_build_object('key', task_id || '/1/0.ogg', 'ms', 9000)))
          FROM old),
    hold AS (
        INSERT INTO holds (task_id, user_id, amount, charged, state, created_at, resolved_at)
        SELECT task_id, user_id, 1, 1, 'charged', at, at FROM old),
    charge AS (
        INSERT INTO transactions (user_id, amount, type, task_id, created_at, sequence, balance_after, idempotency_key,
                                  actor, reason)
        SELECT user_id, -1, 'charge', task_id, at, sequence, balance_after, 'charge:' || task_id, 'worker', 'text'
          FROM old)
    INSERT INTO deliveries (user_id, chat_id, reply_to, kind, facts, task_id, state, due_at, parts_sent, messages,
                            created_at, sent_at)
    SELECT user_id, telegram_id, g, 'task_result', '{}', task_id, 'sent', at, 1,
           jsonb_build_array(jsonb_build_object('message', g, 'file', task_id)), at, at
      FROM old)";

std::string with(std::string text, const std::string& name, std::int64_t value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at))
        text.replace(at, name.size(), std::to_string(value));
    return text;
}

}  // namespace

void add_old_tasks(const test::PostgresDatabase& database, std::int64_t count) {
    const auto users = std::stoll(database.value("SELECT count(*) FROM users"));
    for (std::int64_t first = 0; first < count; first += at_once) {
        const auto last = std::min(first + at_once, count) - 1;
        std::string text = statement;
        text = with(std::move(text), ":users", users);
        text = with(std::move(text), ":count", count);
        text = with(std::move(text), ":first", first);
        text = with(std::move(text), ":last", last);
        database.execute(text);
        std::cerr << last + 1 << " old tasks\n";
    }
    database.execute(
        "UPDATE balances b SET balance = t.balance_after, sequence = t.sequence FROM (SELECT "
        "DISTINCT ON (user_id) user_id,"
        " balance_after, sequence FROM transactions ORDER BY user_id, sequence DESC) t WHERE "
        "t.user_id = b.user_id");
    database.execute("VACUUM ANALYZE");
    database.execute("CHECKPOINT");
    std::cerr << count << " old tasks of " << users << " users\n";
}

}  // namespace mlbilling::bench
