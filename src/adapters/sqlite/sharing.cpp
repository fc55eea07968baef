#include "adapters/sqlite/sharing.hpp"

#include <algorithm>

namespace mlbilling::sqlite {
namespace {

constexpr std::int64_t microseconds_per_millisecond = 1'000;

/// When the quota's next slot is free, in microseconds; 0 before its first use.
std::int64_t next_slot(Session& session, const std::string& name) {
    auto row = session.database.query("SELECT next_at FROM quotas WHERE name = ?", name);
    return row.next() ? row.read<std::int64_t>() : 0;
}

}  // namespace

bool hold_poll_lease(Session& session, BotId bot, const std::string& holder, Duration lease) {
    return session.database.run(R"(
        INSERT INTO poll_leases (bot_id, holder, leased_until) VALUES (?, ?, ?)
        ON CONFLICT (bot_id) DO UPDATE
           SET holder = excluded.holder, leased_until = excluded.leased_until
         WHERE poll_leases.holder = excluded.holder OR poll_leases.leased_until <= ?)",
                                bot, holder, session.now + lease, session.now) == 1;
}

void release_poll_lease(Session& session, BotId bot, const std::string& holder) {
    session.database.run("DELETE FROM poll_leases WHERE bot_id = ? AND holder = ?", bot, holder);
}

Duration reserve(Session& session, const std::string& name, QuotaRate rate, int count) {
    CHECK(rate.count > 0);
    CHECK(rate.per > Duration(0));
    CHECK(count > 0);
    const auto now = session.now.time_since_epoch().count() * microseconds_per_millisecond;
    const auto first = std::max(now, next_slot(session, name));
    const auto spacing = rate.per.count() * microseconds_per_millisecond / rate.count;
    session.database.run(R"(
        INSERT INTO quotas (name, next_at) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at)",
                         name, first + spacing * count);
    const auto wait = first - now + microseconds_per_millisecond - 1;
    return Duration(wait / microseconds_per_millisecond);
}

}  // namespace mlbilling::sqlite
