#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/database.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::postgres {

/// One call of WorkStore::lease.
struct LeaseRequest {
    TaskId task;
    std::string worker;
    Duration lease_for{};
};

/// One call of WorkStore::complete, fail or retry: what the task becomes, if it runs under the
/// epoch.
struct Settlement {
    TaskId task;
    Epoch epoch;
    TaskStatus status = TaskStatus::completed;
    FailureReason failure = FailureReason::none;
    Credits charge;
    std::optional<Units> measured;
    std::optional<bool> cached;
    std::optional<TaskResult> result;
    Spending spending;
    std::string cache_key;
    std::optional<Time> next_attempt_at;
    /// The price that the user is asked for, instead of being told the end.
    std::optional<Credits> question;
};

/// One call of WorkStore::find_cached.
struct CacheLookup {
    std::string key;
};

Settlement settlement_of(Completion completion);

/// WorkStore's hot methods for many tasks in one transaction.
class WorkBatch {
  public:
    using Leases = std::vector<std::optional<LeaseOutcome>>;
    using Settlements = std::vector<std::optional<SettleOutcome>>;

    explicit WorkBatch(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    static std::vector<std::string> lease_keys(const LeaseRequest& request);
    Async<Leases> lease(const std::vector<const LeaseRequest*>& batch);

    using Results = std::vector<std::optional<std::optional<TaskResult>>>;
    static std::vector<std::string> cache_keys(const CacheLookup& lookup);
    Async<Results> find_cached(const std::vector<const CacheLookup*>& batch);

    static std::vector<std::string> settle_keys(const Settlement& settlement);
    Async<Settlements> settle(const std::vector<const Settlement*>& batch);

  private:
    std::shared_ptr<Database> database_;
};

}  // namespace mlbilling::postgres
