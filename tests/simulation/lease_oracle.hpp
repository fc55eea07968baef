#pragma once

#include <map>
#include <string>
#include <vector>

#include "ports/store/store.hpp"
#include "simulation/process.hpp"

namespace mlbilling::simulation {

/// Watches from outside who holds which lease: nobody but the holder of a task's newest lease may
/// settle it (design.md, The epoch is a fencing token).
class LeaseOracle {
  public:
    void leased(const TaskId& task, Epoch epoch) { newest_[task] = epoch; }
    void settled(const TaskId& task, Epoch epoch) {
        const auto found = newest_.find(task);
        if (found != newest_.end() && found->second != epoch)
            complaints_.push_back("task " + task.value() +
                                  " was settled by a lease that is not the newest");
    }
    const std::vector<std::string>& complaints() const { return complaints_; }

  private:
    std::map<TaskId, Epoch> newest_;
    std::vector<std::string> complaints_;
};

}  // namespace mlbilling::simulation
