#pragma once

#include "ports/results.hpp"
#include "ports/store/work.hpp"

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

}  // namespace mlbilling
