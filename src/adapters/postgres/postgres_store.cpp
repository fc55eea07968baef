// The methods whose operations are gathered into batches; the others are in
// postgres_store_operations.cpp.
#include "adapters/postgres/postgres_store.hpp"

#include <utility>

#include "adapters/postgres/batches.hpp"
#include "adapters/postgres/one_task.hpp"
#include "adapters/postgres/price_list.hpp"

namespace mlbilling::postgres {
namespace {

/// A replica that is gone is not waited for long: the primary has every answer too.
constexpr Duration patience_with_replica{2'000};
constexpr int replica_connections = 2;

/// Where we write, a server that cannot be written is of no use; here it is what we want.
std::string readable(std::string url) {
    if (url.find("target_session_attrs=") != std::string::npos) return url;
    return url + (url.find('?') == std::string::npos ? '?' : '&') + "target_session_attrs=any";
}

std::unique_ptr<Database> replica_of(Options options, const boost::asio::any_io_executor& loop,
                                     const Clock* clock) {
    if (options.replica_url.empty()) return nullptr;
    options.url = readable(std::move(options.replica_url));
    options.patience = patience_with_replica;
    options.connections = replica_connections;
    return std::make_unique<Database>(options, loop, clock);
}

}  // namespace

PostgresStore::PostgresStore(const Options& options, const boost::asio::any_io_executor& loop,
                             const Clock* clock)
    : shared_(std::make_shared<Database>(options, loop, clock)),
      replica_(replica_of(options, loop, clock)),
      database_(*shared_),
      batches_(std::make_unique<Batches>(shared_)) {}
PostgresStore::~PostgresStore() = default;

Async<TaskOutcome> PostgresStore::accept(TaskRequest request) {
    return batches_->accept.run(std::move(request));
}

Async<LeaseOutcome> PostgresStore::lease(TaskId task, std::string worker, Duration lease_for) {
    return batches_->lease.run({std::move(task), std::move(worker), lease_for});
}

Async<std::optional<TaskResult>> PostgresStore::find_cached(std::string cache_key) {
    return batches_->find_cached.run({std::move(cache_key)});
}

Async<SettleOutcome> PostgresStore::complete(Completion completion) {
    return batches_->settle.run(settlement_of(std::move(completion)));
}

Async<SettleOutcome> PostgresStore::fail(TaskId task, Epoch epoch, FailureReason reason,
                                         std::optional<Units> measured, Spending spending) {
    Settlement settlement;
    settlement.task = std::move(task);
    settlement.epoch = epoch;
    settlement.status = TaskStatus::error;
    settlement.failure = reason;
    settlement.measured = measured;
    settlement.spending = std::move(spending);
    // The price of the question is that of the task's own price, which never changes.
    if (reason == FailureReason::price_above_limit && measured) {
        const auto asked = co_await database_.transact(
            Access::read,
            [id = settlement.task](Session& session) { return postgres::find_task(session, id); });
        if (asked && asked->place) settlement.question = quote(asked->price, *measured);
    }
    co_return co_await batches_->settle.run(std::move(settlement));
}

Async<SettleOutcome> PostgresStore::retry(TaskId task, Epoch epoch, Time next_attempt_at,
                                          Spending spending) {
    Settlement settlement;
    settlement.task = std::move(task);
    settlement.epoch = epoch;
    settlement.status = TaskStatus::created;
    settlement.spending = std::move(spending);
    settlement.next_attempt_at = next_attempt_at;
    return batches_->settle.run(std::move(settlement));
}

Async<std::optional<ClaimedDelivery>> PostgresStore::claim_delivery(DeliveryId id,
                                                                    Duration claim_for) {
    return batches_->claim.run({id, std::nullopt, claim_for});
}
Async<std::optional<ClaimedDelivery>> PostgresStore::claim_result(TaskId task, Duration claim_for) {
    return batches_->claim.run({std::nullopt, std::move(task), claim_for});
}
Async<bool> PostgresStore::part_sent(DeliveryId id, Epoch claim, MessageId message,
                                     std::string file_id, bool last, Duration claim_for) {
    return batches_->part_sent.run({id, claim, message, std::move(file_id), last, claim_for});
}

Async<StatusMessage> PostgresStore::set_status_message(TaskId task, MessageId message) {
    return batches_->set_status_message.run({std::move(task), message});
}

Async<std::vector<OutboxRecord>> PostgresStore::take_outbox(int limit, Duration claim_for) {
    return batches_->outbox.take(limit, claim_for);
}
Async<void> PostgresStore::published(std::vector<OutboxId> ids) {
    co_await batches_->published.run({std::move(ids)});
}
Async<void> PostgresStore::not_published(std::vector<OutboxId> ids) {
    co_await batches_->not_published.run({std::move(ids)});
}

}  // namespace mlbilling::postgres
