#include "adapters/postgres/senders.hpp"

#include "adapters/postgres/rows.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// Registers or meets the sender; what was granted.
Async<Credits> meet(Session& session, const Arrival& arrival) {
    const auto& sender = arrival.sender;
    auto row = co_await session.query(
        R"(
        SELECT register_senders($1, ARRAY[$2::bigint], ARRAY[$3::text], ARRAY[$4::text],
                                ARRAY[$5::integer], ARRAY[true], ARRAY[$6::bigint], ARRAY[$7::bigint],
                                $8) IS NOT NULL)",
        session.now, sender.telegram, sender.username, to_string(sender.language),
        arrival.start.credits, arrival.place.chat, arrival.place.message, arrival.start.per_hour);
    CHECK(row.next());
    co_return row.read<bool>() ? arrival.start.credits : Credits(0);
}

/// A queue message of another producer brings no name.
void keep_name(Session& session, const Sender& sender, Profile& profile) {
    if (sender.username.empty() || sender.username == profile.username) return;
    session.send("UPDATE users SET username = $1 WHERE id = $2", sender.username, profile.id);
    profile.username = sender.username;
}

constexpr Sql profile_by_telegram_id = "SELECT * FROM user_profiles WHERE telegram_id = $1";

std::optional<Profile> profile_in(Rows row) {
    if (!row.next()) return std::nullopt;
    return read_profile(row);
}

}  // namespace

Async<bool> is_first_time(Session& session, UpdateKey update) {
    const int inserted = co_await session.run(R"(
        INSERT INTO inbox (bot_id, update_id, received_at) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING)",
                                              update.bot, update.update, session.now);
    co_return inserted == 1;
}

Async<std::optional<Profile>> find_profile(Session& session, TelegramId user) {
    co_return profile_in(co_await session.query(profile_by_telegram_id, user));
}

Async<std::optional<Profile>> read_profile_of(Database& database, TelegramId user) {
    co_return profile_in(
        co_await database.execute(profile_by_telegram_id, Parameters::of(user), Access::read));
}

Async<Profile> profile_of(Session& session, UserId user) {
    auto row = co_await session.query("SELECT * FROM user_profiles WHERE id = $1", user);
    CHECK(row.next());
    co_return read_profile(row);
}

Async<Registered> registered(Session& session, const Arrival& arrival) {
    Registered registered;
    auto row = co_await session.query(R"(
        SELECT p.*, u.grant_state = 'unmet'
          FROM users u JOIN user_profiles p ON p.id = u.id WHERE u.telegram_id = $1)",
                                      arrival.sender.telegram);
    if (row.next()) {
        registered.profile = read_profile(row);
        const bool unmet = row.read<bool>();
        keep_name(session, arrival.sender, registered.profile);
        if (!unmet) co_return registered;
    }
    registered.granted = co_await meet(session, arrival);
    auto profile = co_await find_profile(session, arrival.sender.telegram);
    CHECK(profile.has_value());
    registered.profile = *std::move(profile);
    co_return registered;
}

Async<Registered> registered(Session& session, const IntakeStore::AnswerRequest& request) {
    const Arrival arrival{request.sender, request.start, request.place};
    co_return co_await registered(session, arrival);
}

void change(Session& session, UserId user, const SettingsChange& change) {
    std::optional<std::string_view> language;
    if (change.language) language = to_string(*change.language);
    std::optional<std::string_view> format;
    if (change.reply_format) format = to_string(*change.reply_format);
    session.send(R"(
        UPDATE users SET language = coalesce($1, language), voice = coalesce($2, voice),
                         speed_percent = coalesce($3, speed_percent),
                         reply_format = coalesce($4, reply_format),
                         spoken_language = coalesce($5, spoken_language)
         WHERE id = $6)",
                 language, change.voice, change.speed_percent, format, change.spoken_language,
                 user);
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
