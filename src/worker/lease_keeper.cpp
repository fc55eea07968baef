#include "worker/lease_keeper.hpp"

#include "base/log.hpp"
#include "base/unavailable.hpp"

namespace mlbilling {

Async<bool> LeaseKeeper::keep_until_lost(std::shared_ptr<Attempt> attempt) {
    const auto& task = attempt->task;
    auto good_until = attempt->started + lease_;
    for (;;) {
        co_await clock_.sleep(heartbeat_);
        const auto asked_at = clock_.now();
        bool ours = true;
        try {
            ours = co_await store_.extend_lease(task.id, task.epoch, lease_);
            good_until = asked_at + lease_;
        } catch (const Unavailable& error) {
            log::warning("lease not extended", {{"task", task.id}, {"error", error.what()}});
        }
        if (!ours || clock_.now() >= good_until) {
            log::warning("lease lost", {{"task", task.id}, {"epoch", task.epoch}});
            co_return true;
        }
    }
}

}  // namespace mlbilling
