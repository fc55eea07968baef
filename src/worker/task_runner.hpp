#pragma once

#include <memory>

#include "ports/async.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// One type of task: how its input is fetched, measured, priced and run. A new type is a new
/// runner. The runner settles nothing; it may be cut off at any await. Throws Unavailable.
class TaskRunner {
  public:
    virtual ~TaskRunner() = default;
    virtual Async<Verdict> run(std::shared_ptr<Attempt> attempt) = 0;
};

}  // namespace mlbilling
