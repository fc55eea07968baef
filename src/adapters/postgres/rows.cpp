#include "adapters/postgres/rows.hpp"

#include "adapters/postgres/documents.hpp"
#include "adapters/stored_documents/documents.hpp"

namespace mlbilling::postgres {
namespace {

void read_identity(Rows& row, TaskRecord& task) {
    task.id = row.read<TaskId>();
    task.user = row.read<UserId>();
    task.telegram = row.read<TelegramId>();
    task.type = row.read_name(parse_task_type);
    task.status = row.read_name(parse_task_status);
    task.failure = row.read_name(parse_failure_reason);
    task.payload = payload_from_json(document_of(row.read<std::string_view>()));
    if (const auto result = row.read<std::optional<std::string_view>>())
        task.result = result_from_json(document_of(*result));
}

void read_money(Rows& row, TaskRecord& task) {
    task.cost = row.read<std::optional<Credits>>();
    task.held = row.read<Credits>();
    task.units_claimed = row.read<Units>();
    task.units_measured = row.read<std::optional<Units>>();
    task.cached = row.read<bool>();
    task.provider = row.read<std::string>();
    task.provider_cost = row.read<MicroRoubles>();
}

void read_progress(Rows& row, TaskRecord& task) {
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

}  // namespace

TaskRecord read_task(Rows& row) {
    TaskRecord task;
    read_identity(row, task);
    read_money(row, task);
    read_progress(row, task);
    task.price = read_price(row);
    return task;
}

Profile read_profile(Rows& row) {
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

Price read_price(Rows& row) {
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

TransactionRecord read_transaction(Rows& row) {
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

}  // namespace mlbilling::postgres
