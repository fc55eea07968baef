#pragma once

#include <memory>

#include "adapters/postgres/batcher.hpp"
#include "adapters/postgres/delivery_batch.hpp"
#include "adapters/postgres/intake_batch.hpp"
#include "adapters/postgres/outbox_batch.hpp"
#include "adapters/postgres/work_batch.hpp"

namespace mlbilling::postgres {

/// What is gathered, one batcher for each kind of operation.
struct Batches {
    explicit Batches(const std::shared_ptr<Database>& database);

    Batcher<TaskRequest, TaskOutcome> accept;
    Batcher<LeaseRequest, LeaseOutcome> lease;
    Batcher<CacheLookup, std::optional<TaskResult>> find_cached;
    Batcher<Settlement, SettleOutcome> settle;
    Batcher<ClaimRequest, std::optional<ClaimedDelivery>> claim;
    Batcher<SentPart, bool> part_sent;
    Batcher<StatusMark, StatusMessage> set_status_message;
    Batcher<OutboxMark, bool> published;
    Batcher<OutboxMark, bool> not_published;
    OutboxBatch outbox;
};

}  // namespace mlbilling::postgres
