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

/// For how long a place is kept for a holder who does not come.
constexpr Duration kept_for{600'000};

void forget_turns(Session& session, const QuotaTurn& turn) {
    session.database.run("DELETE FROM quota_turns WHERE name = ? AND at <= ? AND used", turn.quota,
                         session.now - turn.rate.per);
    session.database.run("DELETE FROM quota_turns WHERE name = ? AND at <= ? AND NOT used",
                         turn.quota, session.now - kept_for);
    // What the holder used is counted still, but is nobody's place any more.
    session.database.run(
        "UPDATE quota_turns SET holder = NULL WHERE name = ? AND holder = ? AND used", turn.quota,
        turn.holder);
}

std::optional<Time> place_of(Session& session, const QuotaTurn& turn) {
    auto row = session.database.query("SELECT at FROM quota_turns WHERE name = ? AND holder = ?",
                                      turn.quota, turn.holder);
    if (!row.next()) return std::nullopt;
    return row.read<Time>();
}

/// When one more may go: a newcomer behind all who stand in line, who has a place behind those only
/// who went.
Time free_at(Session& session, const QuotaTurn& turn, bool newcomer) {
    auto row = session.database.query(R"(
        SELECT at FROM quota_turns WHERE name = ? AND (used OR ?)
         ORDER BY at DESC LIMIT 1 OFFSET ?)",
                                      turn.quota, newcomer, turn.rate.count - 1);
    return std::max(session.now, row.next() ? row.read<Time>() + turn.rate.per : Time());
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

Duration take_turn(Session& session, const QuotaTurn& turn) {
    CHECK(turn.rate.count > 0);
    CHECK(turn.rate.per > Duration(0));
    forget_turns(session, turn);
    const auto due = place_of(session, turn);
    if (due && *due > session.now) return *due - session.now;
    const auto at = free_at(session, turn, !due);
    const bool goes = at == session.now;
    if (due)
        session.database.run(
            "UPDATE quota_turns SET at = ?, used = ? WHERE name = ? AND holder = ?", at, goes,
            turn.quota, turn.holder);
    else if (goes || turn.keep)
        session.database.run("INSERT INTO quota_turns (name, holder, at, used) VALUES (?, ?, ?, ?)",
                             turn.quota, turn.holder, at, goes);
    return at - session.now;
}

void give_back_turn(Session& session, const std::string& quota, const std::string& holder) {
    session.database.run(
        "UPDATE quota_turns SET used = 0, at = ? WHERE name = ? AND holder = ? AND used",
        session.now, quota, holder);
}

}  // namespace mlbilling::sqlite
