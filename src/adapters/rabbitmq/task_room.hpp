#pragma once

#include <chrono>
#include <cstdint>

#include "adapters/rabbitmq/options.hpp"

namespace mlbilling::rabbitmq {

/// What this process believes of the task queue's length: what the broker last said, and what we
/// published since. Nothing is known of what others publish and workers take meanwhile, so the
/// belief ages, soon when the queue seems full, late when it is far from it.
class TaskRoom {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    explicit TaskRoom(const BrokerOptions& options) : options_(options) {}

    /// How many more messages fit.
    int room() const;
    bool is_known() const { return known_; }
    /// Whether it is time to ask the broker again before the answer is believed.
    bool is_stale(Moment now) const;
    void learned(std::int64_t depth, Moment now);
    /// One more is on its way, until it has ended.
    void sent();
    void ended(bool published);

  private:
    const BrokerOptions options_;
    bool known_ = false;
    std::int64_t depth_ = 0;
    /// Ours of which the broker may not know yet; part of depth_.
    std::int64_t on_their_way_ = 0;
    Moment learned_{};
};

}  // namespace mlbilling::rabbitmq
