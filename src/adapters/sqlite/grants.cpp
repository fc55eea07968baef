#include "adapters/sqlite/grants.hpp"

#include "adapters/sqlite/book.hpp"
#include "adapters/sqlite/owed.hpp"

namespace mlbilling::sqlite {
namespace {

constexpr Duration hour{3'600'000};
constexpr Duration minute{60'000};

/// When a grant may be given, and the row of grant_slots that says so; 0: none.
struct Turn {
    Time due;
    std::int64_t slot = 0;
};

/// Takes the slot that is free first, for an hour from when it is free.
Turn reserve_slot(Session& session, int per_hour) {
    if (per_hour == 0) return {session.now, 0};
    if (!session.database.query("SELECT 1 FROM grant_slots WHERE slot = ?", per_hour).next())
        session.database.run(R"(
            WITH RECURSIVE slots(slot) AS (
                SELECT 1 UNION ALL SELECT slot + 1 FROM slots WHERE slot < ?)
            INSERT INTO grant_slots (slot, free_at) SELECT slot, 0 FROM slots WHERE true
            ON CONFLICT DO NOTHING)",
                             per_hour);
    auto row = session.database.query(R"(
        SELECT slot, free_at FROM grant_slots WHERE slot <= ? ORDER BY free_at, slot LIMIT 1)",
                                      per_hour);
    CHECK(row.next());
    const auto slot = row.read<std::int64_t>();
    const auto moment = std::max(session.now, row.read<Time>());
    session.database.run("UPDATE grant_slots SET free_at = ? WHERE slot = ?", moment + hour, slot);
    return {moment, slot};
}

/// Once in a user's life.
void give(Session& session, UserId user, Credits amount) {
    const auto key = key_of_registration(user);
    if (is_booked(session, key)) return;
    book(session, {.user = user,
                   .type = TransactionType::grant,
                   .amount = amount,
                   .task = std::nullopt,
                   .key = key,
                   .actor = "bot",
                   .reason = "registration"});
}

void set_state(Session& session, UserId user, std::string_view state) {
    session.database.run("UPDATE users SET grant_state = ? WHERE id = ?", state, user);
}

Answer told(UserId user, Place place, Notice notice) {
    return {.user = user,
            .place = place,
            .edit = std::nullopt,
            .notice = std::move(notice),
            .task = std::nullopt};
}

void owe_grant(Session& session, const Newcomer& newcomer, Turn turn) {
    std::optional<ChatId> chat;
    if (newcomer.place) chat = newcomer.place->chat;
    set_state(session, newcomer.user, "owed");
    session.database.run(R"(
        INSERT INTO owed_grants (user_id, amount, due_at, slot, chat_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?))",
                         newcomer.user, newcomer.start.credits, turn.due, turn.slot, chat,
                         session.now);
    if (!newcomer.place) return;
    const auto minutes = (turn.due - session.now + minute - Duration(1)) / minute;
    const Notice notice{Notice::Kind::grant_owed,
                        {{"credits", std::to_string(newcomer.start.credits.value())},
                         {"due", std::to_string(turn.due.time_since_epoch().count())},
                         {"minutes", std::to_string(minutes)}}};
    owe(session, told(newcomer.user, *newcomer.place, notice));
}

/// A row of owed_grants.
struct Owed {
    UserId user;
    Credits amount;
    Turn turn;
    std::optional<ChatId> chat;
};

/// Those whose moment has come, the first of each slot.
std::vector<Owed> due_grants(Session& session, int limit) {
    auto row = session.database.query(R"(
        SELECT user_id, amount, due_at, slot, chat_id FROM owed_grants o
         WHERE due_at <= ?
           AND NOT EXISTS (SELECT 1 FROM owed_grants e WHERE e.slot = o.slot AND e.due_at < o.due_at)
         ORDER BY due_at LIMIT ?)",
                                      session.now, limit);
    std::vector<Owed> due;
    while (row.next()) {
        Owed owed;
        owed.user = row.read<UserId>();
        owed.amount = row.read<Credits>();
        owed.turn.due = row.read<Time>();
        owed.turn.slot = row.read<std::int64_t>();
        owed.chat = row.read<std::optional<ChatId>>();
        due.push_back(owed);
    }
    return due;
}

/// What is given late, because nobody swept, puts off what comes after it in its slot.
void put_off(Session& session, Turn turn) {
    const auto late = (session.now - turn.due).count();
    session.database.run("UPDATE owed_grants SET due_at = due_at + ? WHERE slot = ?", late,
                         turn.slot);
    session.database.run("UPDATE grant_slots SET free_at = free_at + ? WHERE slot = ?", late,
                         turn.slot);
}

}  // namespace

Credits grant(Session& session, const Newcomer& newcomer) {
    const auto& start = newcomer.start;
    if (start.credits <= Credits(0)) return {};
    const auto turn = reserve_slot(session, start.per_hour);
    if (turn.due > session.now) {
        owe_grant(session, newcomer, turn);
        return {};
    }
    give(session, newcomer.user, start.credits);
    return start.credits;
}

int give_owed_grants(Session& session, int limit) {
    const auto due = due_grants(session, limit);
    for (const auto& owed : due) {
        session.database.run("DELETE FROM owed_grants WHERE user_id = ?", owed.user);
        put_off(session, owed.turn);
        set_state(session, owed.user, "settled");
        give(session, owed.user, owed.amount);
        if (!owed.chat) continue;
        const Notice notice{Notice::Kind::grant_given,
                            {{"credits", std::to_string(owed.amount.value())}}};
        owe(session, told(owed.user, {*owed.chat, std::nullopt}, notice));
    }
    return static_cast<int>(due.size());
}

}  // namespace mlbilling::sqlite
