#pragma once

#include <string>

#include "base/ids.hpp"
#include "ports/store/records.hpp"

namespace mlbilling {

/// A message that must reach the broker: written in the transaction that made it necessary, removed
/// after the broker's confirm (design.md, Nothing is lost). Its JSON is made from the task's record
/// when it is published.
struct OutboxRecord {
    /// `task`: to the queue `tasks`. `reply`: to the task's reply_to.
    enum class Kind { task, reply };
    OutboxId id;
    Kind kind = Kind::task;
    TaskRecord task;
};

}  // namespace mlbilling
