#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/database.hpp"
#include "ports/store/intake.hpp"

namespace mlbilling::postgres {

/// IntakeStore::accept for many requests in one transaction.
class IntakeBatch {
  public:
    using Batch = std::vector<const TaskRequest*>;
    using Outcomes = std::vector<std::optional<TaskOutcome>>;

    explicit IntakeBatch(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    /// The update and the task: each is accepted once.
    static std::vector<std::string> keys(const TaskRequest& request);
    Async<Outcomes> accept(const Batch& batch);

  private:
    Async<void> load_prices();
    const Price& price_of(TaskType type) const;
    Credits cost_of(const TaskRequest& request) const;
    Parameters parameters_of(const Batch& batch) const;
    TaskRecord task_of(const TaskId& id, const TaskRequest& request, Rows& row) const;
    TaskOutcome outcome_of(const std::string& name, const TaskId& id, const TaskRequest& request,
                           Rows& row) const;
    Async<Outcomes> outcomes_of(const Batch& batch, Rows rows);

    std::shared_ptr<Database> database_;
    /// The prices that were valid when they were last looked up; accept_tasks() refuses those that
    /// are not any more.
    std::vector<Price> prices_;
};

}  // namespace mlbilling::postgres
