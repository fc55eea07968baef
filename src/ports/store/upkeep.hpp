#pragma once

#include <vector>

#include "ports/async.hpp"
#include "ports/store/outbox.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

struct SweepPolicy {
    /// A created task whose message was published this long ago and not leased is published again.
    Duration republish_after{60'000};
    /// A task whose lease runs out in this attempt or a later one is not tried again.
    int max_attempts = 5;
    /// How long inbox rows, proposals and cached results are kept.
    Duration keep_inbox{7 * 86'400'000LL};
    Duration keep_proposals{86'400'000};
    Duration keep_cache{7 * 86'400'000LL};
    /// How long after its task's end a result that its user refused can be had again; then it is
    /// paid back.
    Duration keep_refused{8 * 86'400'000LL};
    /// How long topics and owners of messages are known.
    Duration keep_messages{30 * 86'400'000LL};
    /// Rows that one sweep handles at most, of each kind.
    int batch = 500;
};

/// What one sweep mended; all zero in calm times.
struct SweepReport {
    int leases_expired = 0;
    int tasks_expired = 0;
    int tasks_failed = 0;
    int tasks_republished = 0;
    int retries_due = 0;
    int deliveries_unknown = 0;
    int refused_refunded = 0;
    Credits credits_refunded;
    int grants_given = 0;
    int rows_forgotten = 0;
};

/// The liveness of the system (design.md): any process may run these at any time; every statement
/// is guarded. Throws Unavailable.
class UpkeepStore {
  public:
    virtual ~UpkeepStore() = default;

    /// Claims rows to be published, fairly between users: each user's oldest first, then each one's
    /// second, and so on.
    virtual Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration claim_for) = 0;
    /// The broker has confirmed them: they are removed.
    virtual Async<void> published(std::vector<OutboxId> ids) = 0;
    /// The broker had no room: due again at once.
    virtual Async<void> not_published(std::vector<OutboxId> ids) = 0;

    /// Expired leases go back to created or, with attempts or deadline used up, to error; created
    /// tasks past their deadline expire; due retries and lost publishes get an outbox row;
    /// deliveries whose second attempt's claim ran out become unknown, as DeliveryStore::ambiguous
    /// does it; owed grants whose hour has come are given, once, with the notice `grant_given`;
    /// what is old is forgotten.
    virtual Async<SweepReport> sweep(SweepPolicy policy) = 0;
};

}  // namespace mlbilling
