#pragma once

#include "ports/results.hpp"
#include "ports/store/work.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// Answers of earlier tasks to the same request.
class CachedResults {
  public:
    CachedResults(WorkStore& store, ResultStore& results) : store_(store), results_(results) {}

    /// The result kept under the key, if all of its audio still exists; nothing for an empty key.
    Async<std::optional<TaskResult>> find(std::string key);

  private:
    WorkStore& store_;
    ResultStore& results_;
};

/// Settles with an earlier task's result at the cached price (design.md, Money rules; issue 2, item
/// 8). `full` is the price of the measured units; `provider` is who would have been called.
Completion completion_from_cache(Attempt& attempt, Units measured, Credits full, TaskResult result,
                                 std::string provider);

}  // namespace mlbilling
