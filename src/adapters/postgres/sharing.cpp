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

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
