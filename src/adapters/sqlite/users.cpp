#include "adapters/sqlite/users.hpp"

#include "adapters/sqlite/book.hpp"
#include "adapters/sqlite/rows.hpp"

namespace mlbilling::sqlite {
namespace {

UserId insert_user(Session& session, const Sender& sender) {
    session.database.run(
        "INSERT INTO users (telegram_id, username, language, created_at) VALUES (?, ?, ?, ?)",
        sender.telegram, sender.username, to_string(sender.language), session.now);
    const UserId user(session.database.last_insert_id());
    session.database.run("INSERT INTO balances (user_id, updated_at) VALUES (?, ?)", user,
                         session.now);
    return user;
}

void grant_start_balance(Session& session, UserId user, Credits start_balance) {
    if (start_balance <= Credits(0)) return;
    const auto booked = book(session, {.user = user,
                                       .type = TransactionType::grant,
                                       .amount = start_balance,
                                       .task = std::nullopt,
                                       .key = key_of_registration(user),
                                       .actor = "bot",
                                       .reason = "registration"});
    CHECK(booked.has_value());
}

}  // namespace

Registered registered(Session& session, const Sender& sender, Credits start_balance) {
    if (auto profile = find_profile(session, sender.telegram)) {
        // A queue message of another producer brings no name.
        if (!sender.username.empty() && sender.username != profile->username) {
            session.database.run("UPDATE users SET username = ? WHERE id = ?", sender.username,
                                 profile->id);
            profile->username = sender.username;
        }
        return {*std::move(profile), false};
    }
    const auto user = insert_user(session, sender);
    grant_start_balance(session, user, start_balance);
    return {read_profile(session, user), true};
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
