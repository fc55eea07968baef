#include "adapters/sqlite/users.hpp"

#include "adapters/sqlite/grants.hpp"
#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

UserId insert_user(Session& session, const Sender& sender, std::string_view grant_state) {
    session.database.run(R"(
        INSERT INTO users (telegram_id, username, language, grant_state, created_at)
        VALUES (?, ?, ?, ?, ?))",
                         sender.telegram, sender.username, to_string(sender.language), grant_state,
                         session.now);
    const UserId user(session.database.last_insert_id());
    session.database.run("INSERT INTO balances (user_id, updated_at) VALUES (?, ?)", user,
                         session.now);
    return user;
}

/// Whether the user, known by another producer's word alone, is met now.
bool is_met_now(Session& session, UserId user) {
    return session.database.run(R"(
        UPDATE users SET grant_state = 'settled' WHERE id = ? AND grant_state = 'unmet')",
                                user) == 1;
}

/// A queue message of another producer brings no name.
void keep_name(Session& session, const Sender& sender, Profile& profile) {
    if (sender.username.empty() || sender.username == profile.username) return;
    session.database.run("UPDATE users SET username = ? WHERE id = ?", sender.username, profile.id);
    profile.username = sender.username;
}

}  // namespace

Arrival arrival_of(const IntakeStore::AnswerRequest& request) {
    return {request.sender, request.start, true, request.place};
}

Registered registered(Session& session, const Arrival& arrival) {
    const bool meets = arrival.by_bot || arrival.start.credits > Credits(0);
    auto profile = find_profile(session, arrival.sender.telegram);
    if (profile) {
        keep_name(session, arrival.sender, *profile);
        if (!meets || !is_met_now(session, profile->id)) return {*std::move(profile), {}};
    }
    const auto user =
        profile ? profile->id : insert_user(session, arrival.sender, meets ? "settled" : "unmet");
    const auto granted = grant(session, {user, arrival.start, arrival.place});
    return {read_profile(session, user), granted};
}

void change(Session& session, UserId user, const SettingsChange& change) {
    std::optional<std::string_view> language;
    if (change.language) language = to_string(*change.language);
    std::optional<std::string_view> format;
    if (change.reply_format) format = to_string(*change.reply_format);
    session.database.run(R"(
        UPDATE users SET language = coalesce(?, language), voice = coalesce(?, voice),
                         speed_percent = coalesce(?, speed_percent),
                         reply_format = coalesce(?, reply_format),
                         spoken_language = coalesce(?, spoken_language)
         WHERE id = ?)",
                         language, change.voice, change.speed_percent, format,
                         change.spoken_language, user);
}

}  // namespace mlbilling::sqlite
