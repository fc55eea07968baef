#include "adapters/sqlite/rows.hpp"

#include "adapters/stored_documents/documents.hpp"

namespace mlbilling::sqlite {
namespace {

void read_identity(Query& row, TaskRecord& task) {
    task.id = row.read<TaskId>();
    task.user = row.read<UserId>();
    task.telegram = row.read<TelegramId>();
    task.type = row.read_name(parse_task_type);
    task.status = row.read_name(parse_task_status);
    task.failure = row.read_name(parse_failure_reason);
    task.payload = payload_from_json(row.read<std::string>());
    if (const auto result = row.read<std::optional<std::string>>())
        task.result = result_from_json(*result);
}

void read_money(Query& row, TaskRecord& task) {
    task.cost = row.read<std::optional<Credits>>();
    task.held = row.read<Credits>();
    task.units_claimed = row.read<Units>();
    task.units_measured = row.read<std::optional<Units>>();
    task.cached = row.read<bool>();
    task.provider = row.read<std::string>();
    task.provider_cost = row.read<MicroRoubles>();
}

void read_progress(Query& row, TaskRecord& task) {
    task.attempt = row.read<int>();
    task.epoch = row.read<Epoch>();
    task.reply_to = row.read<std::string>();
    const auto chat = row.read<std::optional<ChatId>>();
    const auto message = row.read<std::optional<MessageId>>();
    if (chat) task.place = Place{*chat, message};
    task.status_message = row.read<std::optional<MessageId>>();
    task.created_at = row.read<Time>();
    task.leased_until = row.read<std::optional<Time>>();
    task.next_attempt_at = row.read<std::optional<Time>>();
    task.deadline_at = row.read<Time>();
    task.finished_at = row.read<std::optional<Time>>();
}

Profile profile_of(Query& row) {
    Profile profile;
    profile.id = row.read<UserId>();
    profile.telegram = row.read<TelegramId>();
    profile.username = row.read<std::string>();
    profile.role = row.read_name(parse_role);
    profile.settings.language = row.read_name(parse_language);
    profile.settings.voice = row.read<std::string>();
    profile.settings.speed_percent = row.read<int>();
    profile.settings.reply_format = row.read_name(parse_reply_format);
    profile.settings.spoken_language = row.read<std::string>();
    profile.account.balance = row.read<Credits>();
    profile.account.held = row.read<Credits>();
    profile.created_at = row.read<Time>();
    return profile;
}

}  // namespace

std::optional<TaskRecord> find_task(Session& session, const TaskId& id) {
    auto row = session.database.query(R"(
        SELECT t.id, t.user_id, u.telegram_id, t.type, t.status, t.failure, t.payload, t.result,
               t.cost, h.amount, t.units_claimed, t.units_measured, t.cached, t.provider,
               t.provider_cost, t.attempt, t.epoch, t.reply_to, t.chat_id, t.message_id, t.status_message_id,
               t.created_at, t.leased_until, t.next_attempt_at, t.deadline_at, t.finished_at,
               p.id, p.type, p.micro_credits_per_unit, p.min_credits, p.cached_percent,
               p.valid_from, p.valid_until
          FROM tasks t
          JOIN users u ON u.id = t.user_id
          JOIN holds h ON h.task_id = t.id
          JOIN prices p ON p.id = t.price_id
         WHERE t.id = ?)",
                                      id);
    if (!row.next()) return std::nullopt;
    TaskRecord task;
    read_identity(row, task);
    read_money(row, task);
    read_progress(row, task);
    task.price = read_price(row);
    return task;
}

TaskRecord read_task(Session& session, const TaskId& id) {
    auto task = find_task(session, id);
    CHECK(task.has_value());
    return *std::move(task);
}

std::optional<Profile> find_profile(Session& session, TelegramId user) {
    auto row = session.database.query(R"(
        SELECT u.id, u.telegram_id, u.username, u.role, u.language, u.voice, u.speed_percent,
               u.reply_format, u.spoken_language, b.balance, b.held, u.created_at
          FROM users u JOIN balances b ON b.user_id = u.id WHERE u.telegram_id = ?)",
                                      user);
    if (!row.next()) return std::nullopt;
    return profile_of(row);
}

Profile read_profile(Session& session, UserId user) {
    auto row = session.database.query(R"(
        SELECT u.id, u.telegram_id, u.username, u.role, u.language, u.voice, u.speed_percent,
               u.reply_format, u.spoken_language, b.balance, b.held, u.created_at
          FROM users u JOIN balances b ON b.user_id = u.id WHERE u.id = ?)",
                                      user);
    CHECK(row.next());
    return profile_of(row);
}

Price read_price(Query& row) {
    Price price;
    price.id = row.read<PriceId>();
    price.type = row.read_name(parse_task_type);
    price.micro_credits_per_unit = row.read<std::int64_t>();
    price.min_credits = row.read<Credits>();
    price.cached_percent = row.read<int>();
    price.valid_from = row.read<Time>();
    price.valid_until = row.read<std::optional<Time>>();
    return price;
}

TransactionRecord read_transaction(Query& row) {
    TransactionRecord transaction;
    transaction.id = row.read<std::int64_t>();
    transaction.user = row.read<UserId>();
    transaction.amount = row.read<Credits>();
    transaction.type = row.read_name(parse_transaction_type);
    transaction.task = row.read<std::optional<TaskId>>();
    transaction.sequence = row.read<std::int64_t>();
    transaction.balance_after = row.read<Credits>();
    transaction.key = row.read<std::string>();
    transaction.actor = row.read<std::string>();
    transaction.reason = row.read<std::string>();
    transaction.created_at = row.read<Time>();
    return transaction;
}

}  // namespace mlbilling::sqlite
