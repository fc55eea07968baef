#include "adapters/postgres/intake_batch.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "base/check.hpp"
#include "base/unavailable.hpp"

namespace mlbilling::postgres {
namespace {

/// More changes of prices than this within one batch are no changes but a fault.
constexpr int most_price_changes = 10;

std::optional<std::int64_t> bot_of(const TaskRequest& request) {
    if (!request.update) return std::nullopt;
    return request.update->bot.value();
}

std::optional<std::int64_t> update_of(const TaskRequest& request) {
    if (!request.update) return std::nullopt;
    return request.update->update.value();
}

std::optional<ChatId> chat_of(const TaskRequest& request) {
    if (!request.place) return std::nullopt;
    return request.place->chat;
}

std::optional<MessageId> message_of(const TaskRequest& request) {
    return request.place ? request.place->message : std::nullopt;
}

/// What the request says of the payload, without the user's settings.
Payload asked_payload(const TaskRequest& request) {
    Payload payload;
    payload.data = request.data;
    payload.file_unique_id = request.file_unique_id;
    if (!request.update) {
        payload.asked_as = request.id.value();
        payload.correlation = request.correlation;
    }
    return payload;
}

/// What accept_tasks() puts the user's settings behind.
std::string payload_of(const TaskRequest& request) {
    auto column = column_of(beginning_of_payload(asked_payload(request)));
    constexpr std::string_view bytes = "{\"bytes\": \"";
    if (column.starts_with(bytes)) column.resize(column.size() - 2);
    return column;
}

/// The settings that accept_tasks() returns, as they go into the task.
Payload completed_payload(const TaskRequest& request, Rows& row) {
    auto language = row.read<std::string>();
    auto payload = asked_payload(request);
    payload.voice = row.read<std::string>();
    payload.speed_percent = row.read<int>();
    payload.reply_format = row.read_name(parse_reply_format);
    auto spoken = row.read<std::string>();
    if (request.type == TaskType::voice)
        payload.spoken_language = spoken.empty() ? std::move(language) : std::move(spoken);
    return payload;
}

// transact() keeps the session until its coroutine has ended.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<std::vector<TaskRecord>> find_tasks(Session& session, std::vector<TaskId> ids) {
    Parameters parameters;
    parameters.add_array(ids, [](const TaskId& id) { return id; });
    auto row = co_await session.query_with("SELECT r.* FROM task_records r WHERE r.id = ANY ($1)",
                                           parameters);
    std::vector<TaskRecord> tasks;
    while (row.next()) tasks.push_back(read_task(row));
    co_return tasks;
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): as above
Async<std::vector<Price>> find_prices(Session& session) {
    auto row = co_await session.query(R"(
        SELECT DISTINCT ON (type) id, type, micro_credits_per_unit, min_credits, cached_percent,
               valid_from, valid_until
          FROM prices WHERE valid_from <= $1 ORDER BY type, valid_from DESC, id DESC)",
                                      session.now);
    std::vector<Price> prices;
    while (row.next()) prices.push_back(read_price(row));
    co_return prices;
}

}  // namespace

std::vector<std::string> IntakeBatch::keys(const TaskRequest& request) {
    std::vector<std::string> keys{'t' + request.id.value()};
    if (request.update)
        keys.push_back('u' + std::to_string(request.update->bot.value()) + ':' +
                       std::to_string(request.update->update.value()));
    return keys;
}

Async<void> IntakeBatch::load_prices() {
    prices_ = co_await database_->transact(Access::read,
                                           [](Session& session) { return find_prices(session); });
}

const Price& IntakeBatch::price_of(TaskType type) const {
    const auto price = std::ranges::find(prices_, type, &Price::type);
    CHECK(price != prices_.end());
    return *price;
}

Credits IntakeBatch::cost_of(const TaskRequest& request) const {
    // What costs more than anyone can have is refused as that much.
    return mlbilling::cost_of(price_of(request.type), request.claimed)
        .value_or(Credits(Credits::limit));
}

Parameters IntakeBatch::parameters_of(const Batch& batch) const {
    using Request = const TaskRequest*;
    Parameters all;
    database_->add_moment(all);
    all.add(price_of(TaskType::text).id);
    all.add(price_of(TaskType::voice).id);
    all.add_array(batch, [](Request r) { return bot_of(*r); });
    all.add_array(batch, [](Request r) { return update_of(*r); });
    all.add_array(batch, [](Request r) { return r->sender.telegram; });
    all.add_array(batch, [](Request r) { return std::string_view(r->sender.username); });
    all.add_array(batch, [](Request r) { return to_string(r->sender.language); });
    all.add_array(batch, [](Request r) { return r->start.credits; });
    all.add_array(batch, [](Request r) { return std::string_view(r->id.value()); });
    all.add_array(batch, [](Request r) { return to_string(r->type); });
    all.add_array(batch, [](Request r) { return payload_of(*r); });
    all.add_array(batch, [](Request r) { return r->claimed; });
    all.add_array(batch, [this](Request r) { return cost_of(*r); });
    all.add_array(batch, [](Request r) { return r->ask_above; });
    all.add_array(batch, [](Request r) { return std::string_view(r->reply_to); });
    all.add_array(batch, [](Request r) { return chat_of(*r); });
    all.add_array(batch, [](Request r) { return message_of(*r); });
    all.add_array(batch, [](Request r) { return r->time_limit; });
    // Of one configuration; those that grant nothing need no limit.
    const auto limit = [](Request r) { return r->start.per_hour; };
    all.add((*std::ranges::max_element(batch, {}, limit))->start.per_hour);
    return all;
}

// The batcher keeps the batch until its flight has ended.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Async<IntakeBatch::Outcomes> IntakeBatch::accept(const Batch& batch) {
    if (prices_.empty()) co_await load_prices();
    for (int i = 0; i < most_price_changes; ++i) {
        auto rows = co_await database_->execute(R"(
            SELECT * FROM accept_tasks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                                       $15, $16, $17, $18, $19, $20))",
                                                parameters_of(batch));
        if (rows.size() > 0) co_return co_await outcomes_of(batch, std::move(rows));
        co_await load_prices();
    }
    throw Unavailable("database: the price list does not come to rest");
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): as above
Async<IntakeBatch::Outcomes> IntakeBatch::outcomes_of(const Batch& batch, Rows rows) {
    CHECK(static_cast<std::size_t>(rows.size()) == batch.size());
    Outcomes outcomes;
    std::vector<TaskId> ids;
    std::vector<TaskId> known;
    for (const auto* request : batch) {
        CHECK(rows.next());
        const auto outcome = rows.read<std::string>();
        ids.push_back(rows.read<TaskId>());
        if (outcome == "again") {
            outcomes.emplace_back();
        } else {
            outcomes.push_back(outcome_of(outcome, ids.back(), *request, rows));
            if (outcome == "known") known.push_back(ids.back());
        }
    }
    if (known.empty()) co_return outcomes;
    const auto tasks = co_await database_->transact(
        Access::read, [known](Session& session) { return find_tasks(session, known); });
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (!outcomes[i] || !std::holds_alternative<AlreadyKnown>(*outcomes[i])) continue;
        const auto task = std::ranges::find(tasks, ids[i], &TaskRecord::id);
        if (task != tasks.end()) outcomes[i] = AlreadyKnown{*task};
    }
    co_return outcomes;
}

TaskRecord IntakeBatch::task_of(const TaskId& id, const TaskRequest& request, Rows& row) const {
    TaskRecord task;
    task.id = id;
    task.user = row.read<UserId>();
    task.telegram = request.sender.telegram;
    task.type = request.type;
    task.payload = completed_payload(request, row);
    task.held = cost_of(request);
    task.units_claimed = request.claimed;
    task.price = price_of(request.type);
    task.reply_to = request.reply_to;
    task.place = request.place;
    return task;
}

TaskOutcome IntakeBatch::outcome_of(const std::string& name, const TaskId& id,
                                    const TaskRequest& request, Rows& row) const {
    if (name == "known") return AlreadyKnown{};
    auto task = task_of(id, request, row);
    const Account account{row.read<Credits>(), row.read<Credits>()};
    task.created_at = row.read<Time>();
    task.deadline_at = task.created_at + request.time_limit;
    const auto outbox = row.read<std::optional<OutboxId>>();
    const auto notice = row.read<std::optional<DeliveryId>>();
    if (name == "banned") return Refused{notice};
    if (name == "insufficient") return Insufficient{task.held, account, notice};
    if (name == "proposed") {
        CHECK(notice.has_value());
        return Proposed{*notice};
    }
    CHECK(name == "accepted");
    CHECK(outbox.has_value());
    OutboxRecord record{*outbox, OutboxRecord::Kind::task, task};
    return Accepted{std::move(task), account, std::move(record)};
}

}  // namespace mlbilling::postgres
