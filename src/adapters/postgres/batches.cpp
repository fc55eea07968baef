#include "adapters/postgres/batches.hpp"

#include <utility>

namespace mlbilling::postgres {
namespace {

/// A batcher for the method of a batch, which lives as long as the batcher's flights.
template <class Request, class Outcome, class Kind, class Items>
auto perform_by(std::shared_ptr<Kind> kind,
                Async<std::vector<std::optional<Outcome>>> (Kind::*method)(const Items&)) {
    return typename Batcher<Request, Outcome>::Perform(
        [kind = std::move(kind), method](const std::vector<const Request*>& batch) {
            return (kind.get()->*method)(batch);
        });
}

}  // namespace

Batches::Batches(const std::shared_ptr<Database>& database)
    : accept(database->loop(), {}, decltype(accept)::Order::arrival, IntakeBatch::keys,
             perform_by<TaskRequest, TaskOutcome>(std::make_shared<IntakeBatch>(database),
                                                  &IntakeBatch::accept)),
      lease(database->loop(), {}, decltype(lease)::Order::key, WorkBatch::lease_keys,
            perform_by<LeaseRequest, LeaseOutcome>(std::make_shared<WorkBatch>(database),
                                                   &WorkBatch::lease)),
      find_cached(database->loop(), {}, decltype(find_cached)::Order::arrival,
                  WorkBatch::cache_keys,
                  perform_by<CacheLookup, std::optional<TaskResult>>(
                      std::make_shared<WorkBatch>(database), &WorkBatch::find_cached)),
      settle(database->loop(), {}, decltype(settle)::Order::key, WorkBatch::settle_keys,
             perform_by<Settlement, SettleOutcome>(std::make_shared<WorkBatch>(database),
                                                   &WorkBatch::settle)),
      claim(database->loop(), {}, decltype(claim)::Order::key, DeliveryBatch::claim_keys,
            perform_by<ClaimRequest, std::optional<ClaimedDelivery>>(
                std::make_shared<DeliveryBatch>(database), &DeliveryBatch::claim)),
      part_sent(database->loop(), {}, decltype(part_sent)::Order::key, DeliveryBatch::part_keys,
                perform_by<SentPart, bool>(std::make_shared<DeliveryBatch>(database),
                                           &DeliveryBatch::part_sent)),
      set_status_message(
          database->loop(), {}, decltype(set_status_message)::Order::key,
          DeliveryBatch::status_keys,
          perform_by<StatusMark, StatusMessage>(std::make_shared<DeliveryBatch>(database),
                                                &DeliveryBatch::set_status_message)),
      published(database->loop(), {}, decltype(published)::Order::arrival, OutboxBatch::keys,
                perform_by<OutboxMark, bool>(std::make_shared<OutboxBatch>(database),
                                             &OutboxBatch::published)),
      not_published(database->loop(), {}, decltype(not_published)::Order::arrival,
                    OutboxBatch::keys,
                    perform_by<OutboxMark, bool>(std::make_shared<OutboxBatch>(database),
                                                 &OutboxBatch::not_published)),
      outbox(database) {}

}  // namespace mlbilling::postgres
