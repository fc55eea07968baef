#include "adapters/rabbitmq/task_room.hpp"

#include <algorithm>

namespace mlbilling::rabbitmq {

int TaskRoom::room() const {
    const std::int64_t capacity = options_.task_capacity;
    return static_cast<int>(capacity - std::clamp<std::int64_t>(depth_, 0, capacity));
}

bool TaskRoom::is_stale(Moment now) const {
    const bool half_empty = room() > options_.task_capacity / 2;
    return !known_ ||
           now - learned_ >= (half_empty ? options_.depth_when_empty : options_.depth_when_full);
}

void TaskRoom::learned(std::int64_t depth, Moment now) {
    known_ = true;
    depth_ = depth + on_their_way_;
    learned_ = now;
}

void TaskRoom::sent() {
    ++on_their_way_;
    ++depth_;
}

void TaskRoom::ended(bool published) {
    --on_their_way_;
    if (!published) --depth_;
}

}  // namespace mlbilling::rabbitmq
