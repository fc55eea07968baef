#include "adapters/postgres/senders.hpp"

#include "adapters/postgres/book.hpp"
#include "adapters/postgres/rows.hpp"

// An operation's session and arguments outlive it: its caller awaits it at once.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// Nothing when another transaction has registered them at the same time.
Async<std::optional<UserId>> insert_user(Session& session, const Sender& sender) {
    auto row = co_await session.query(R"(
        INSERT INTO users (telegram_id, username, language, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (telegram_id) DO NOTHING RETURNING id)",
                                      sender.telegram, sender.username, to_string(sender.language),
                                      session.now);
    if (!row.next()) co_return std::nullopt;
    const auto user = row.read<UserId>();
    session.send("INSERT INTO balances (user_id, updated_at) VALUES ($1, $2)", user, session.now);
    co_return user;
}

Async<void> grant_start_balance(Session& session, UserId user, Credits start_balance) {
    if (start_balance <= Credits(0)) co_return;
    const Entry entry{.user = user,
                      .type = TransactionType::grant,
                      .amount = start_balance,
                      .task = std::nullopt,
                      .key = key_of_registration(user),
                      .actor = "bot",
                      .reason = "registration"};
    const auto booked = co_await book(session, entry);
    CHECK(booked.has_value());
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

Async<Registered> registered(Session& session, const Sender& sender, Credits start_balance) {
    auto known = co_await find_profile(session, sender.telegram);
    if (!known) {
        const auto user = co_await insert_user(session, sender);
        if (user) {
            co_await grant_start_balance(session, *user, start_balance);
            auto profile = co_await profile_of(session, *user);
            co_return Registered{std::move(profile), true};
        }
        known = co_await find_profile(session, sender.telegram);
        CHECK(known.has_value());
    }
    keep_name(session, sender, *known);
    co_return Registered{*std::move(known), false};
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
