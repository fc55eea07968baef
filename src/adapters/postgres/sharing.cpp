#include "adapters/postgres/sharing.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {

Async<bool> hold_poll_lease(Session& session, BotId bot, const std::string& holder,
                            Duration lease) {
    co_return 1 == co_await session.run(R"(
        INSERT INTO poll_leases (bot_id, holder, leased_until) VALUES ($1, $2, $3)
        ON CONFLICT (bot_id) DO UPDATE
           SET holder = excluded.holder, leased_until = excluded.leased_until
         WHERE poll_leases.holder = excluded.holder OR poll_leases.leased_until <= $4)",
                                        bot, holder, session.now + lease, session.now);
}

Async<void> release_poll_lease(Session& session, BotId bot, const std::string& holder) {
    co_await session.run("DELETE FROM poll_leases WHERE bot_id = $1 AND holder = $2", bot, holder);
}

Async<Duration> reserve(Database& database, std::string name, QuotaRate rate, int count) {
    CHECK(rate.count > 0);
    CHECK(rate.per > Duration(0));
    CHECK(count > 0);
    // Slots are a fraction of a millisecond apart where the quota is large.
    const std::int64_t microseconds = rate.per.count() * 1'000 / rate.count * count;
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(name);
    parameters.add(microseconds);
    auto row = co_await database.execute(R"(
        INSERT INTO quotas AS q (name, next_at)
        VALUES ($2, coalesce($1, moment()) + $3 * interval '1 microsecond')
        ON CONFLICT (name) DO UPDATE
           SET next_at = greatest(q.next_at, coalesce($1, moment())) + $3 * interval '1 microsecond'
        RETURNING ceil(extract(epoch FROM next_at - coalesce($1, moment())
                                          - $3 * interval '1 microsecond') * 1000)::bigint)",
                                         std::move(parameters), Access::relaxed_write);
    CHECK(row.next());
    co_return row.read<Duration>();
}

Async<Duration> take_turn(Database& database, QuotaTurn turn) {
    CHECK(turn.rate.count > 0);
    CHECK(turn.rate.per > Duration(0));
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(turn.quota);
    parameters.add(turn.holder);
    parameters.add(turn.rate.count);
    parameters.add(turn.rate.per);
    parameters.add(turn.keep);
    auto row = co_await database.execute("SELECT take_turn($1, $2, $3, $4, $5, $6)",
                                         std::move(parameters), Access::relaxed_write);
    CHECK(row.next());
    co_return row.read<Duration>();
}

Async<void> give_back_turn(Database& database, std::string quota, std::string holder) {
    Parameters parameters;
    database.add_moment(parameters);
    parameters.add(quota);
    parameters.add(holder);
    co_await database.execute(R"(
        UPDATE quota_turns SET used = false, at = coalesce($1, moment())
         WHERE name = $2 AND holder = $3 AND used)",
                              std::move(parameters), Access::relaxed_write);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
