#include "adapters/postgres/work_batch.hpp"

#include <string_view>
#include <utility>

#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/stored_documents/documents.hpp"
#include "base/check.hpp"

// A batch outlives its flight: the batcher awaits it.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace mlbilling::postgres {
namespace {

/// The item that the row is about; functions count from 1.
std::size_t read_position(Rows& row) {
    const auto position = row.read<std::int64_t>();
    CHECK(position >= 1);
    return static_cast<std::size_t>(position) - 1;
}

std::optional<std::string> result_of(const Settlement& settlement) {
    if (!settlement.result) return std::nullopt;
    return column_of(to_json(*settlement.result));
}

Settled read_settled(Rows& row) {
    Settled settled;
    settled.account.balance = row.read<Credits>();
    settled.account.held = row.read<Credits>();
    const auto reply = row.read<std::optional<OutboxId>>();
    settled.task = read_task(row);
    if (reply) settled.reply = OutboxRecord{*reply, OutboxRecord::Kind::reply, settled.task};
    return settled;
}

Parameters parameters_of(const Database& database, const std::vector<const Settlement*>& batch) {
    using Item = const Settlement*;
    Parameters all;
    database.add_moment(all);
    all.add_array(batch, [](Item s) { return std::string_view(s->task.value()); });
    all.add_array(batch, [](Item s) { return s->epoch; });
    all.add_array(batch, [](Item s) { return to_string(s->status); });
    all.add_array(batch, [](Item s) { return to_string(s->failure); });
    all.add_array(batch, [](Item s) { return s->charge; });
    all.add_array(batch, [](Item s) { return s->measured; });
    all.add_array(batch, [](Item s) { return s->cached; });
    all.add_array(batch, [](Item s) { return result_of(*s); });
    all.add_array(batch, [](Item s) { return std::string_view(s->spending.provider); });
    all.add_array(batch, [](Item s) { return s->spending.cost; });
    all.add_array(batch, [](Item s) { return std::string_view(s->cache_key); });
    all.add_array(batch, [](Item s) { return s->next_attempt_at; });
    all.add_array(batch, [](Item s) { return s->question; });
    return all;
}

}  // namespace

Settlement settlement_of(Completion completion) {
    Settlement settlement;
    settlement.task = std::move(completion.task);
    settlement.epoch = completion.epoch;
    settlement.charge = completion.charge;
    settlement.measured = completion.measured;
    settlement.cached = completion.cached;
    settlement.result = std::move(completion.result);
    settlement.spending = std::move(completion.spending);
    settlement.cache_key = std::move(completion.cache_key);
    return settlement;
}

std::vector<std::string> WorkBatch::lease_keys(const LeaseRequest& request) {
    return {request.task.value()};
}

std::vector<std::string> WorkBatch::cache_keys(const CacheLookup& lookup) { return {lookup.key}; }

Async<WorkBatch::Results> WorkBatch::find_cached(const std::vector<const CacheLookup*>& batch) {
    Parameters parameters;
    parameters.add_array(batch, [](const auto* lookup) { return std::string_view(lookup->key); });
    auto row = co_await database_->execute(R"(
        SELECT i.position, c.result FROM unnest($1) WITH ORDINALITY AS i(key, position)
          JOIN cached_results c ON c.key = i.key)",
                                           std::move(parameters));
    Results results(batch.size(), std::optional<TaskResult>());
    while (row.next()) {
        auto& result = results.at(read_position(row));
        result->emplace(result_from_json(document_of(row.read<std::string_view>())));
    }
    co_return results;
}

std::vector<std::string> WorkBatch::settle_keys(const Settlement& settlement) {
    return {settlement.task.value()};
}

Async<WorkBatch::Leases> WorkBatch::lease(const std::vector<const LeaseRequest*>& batch) {
    Parameters parameters;
    database_->add_moment(parameters);
    parameters.add_array(batch, [](const auto* r) { return std::string_view(r->task.value()); });
    parameters.add_array(batch, [](const auto* r) { return std::string_view(r->worker); });
    parameters.add_array(batch, [](const auto* r) { return r->lease_for; });
    auto row = co_await database_->execute("SELECT * FROM lease_tasks($1, $2, $3, $4)",
                                           std::move(parameters));
    Leases leases(batch.size(), NotLeased{});
    while (row.next()) {
        auto& outcome = leases.at(read_position(row));
        const auto leased = row.read<bool>();
        auto operation = row.read<std::string>();
        auto task = read_task(row);
        if (leased) {
            outcome = Leased{std::move(task), std::move(operation)};
        } else {
            outcome = NotLeased{std::move(task)};
        }
    }
    co_return leases;
}

Async<WorkBatch::Settlements> WorkBatch::settle(const std::vector<const Settlement*>& batch) {
    auto row = co_await database_->execute(R"(
        SELECT * FROM settle_tasks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14))",
                                           parameters_of(*database_, batch));
    Settlements settlements(batch.size(), Fenced{});
    while (row.next()) {
        auto& outcome = settlements.at(read_position(row));
        outcome = read_settled(row);
    }
    co_return settlements;
}

}  // namespace mlbilling::postgres
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
