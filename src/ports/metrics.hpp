#pragma once

#include <string_view>

#include "base/time.hpp"
#include "domain/micro_roubles.hpp"
#include "domain/task.hpp"
#include "ports/store/upkeep.hpp"

namespace mlbilling {

/// What the service counts about itself (interface.md, Metrics). Labels never carry ids or texts.
class Metrics {
  public:
    virtual ~Metrics() = default;

    virtual void task_ended(TaskType type, TaskStatus status) = 0;
    virtual void task_processed(TaskType type, std::string_view provider, Duration took) = 0;
    virtual void tasks_in_flight(int count) = 0;
    virtual void task_retried(TaskType type) = 0;
    virtual void lease_fenced() = 0;
    virtual void duplicate_dropped(std::string_view where) = 0;
    virtual void dead_lettered() = 0;
    virtual void provider_called(std::string_view provider, std::string_view operation,
                                 std::string_view outcome, Duration took) = 0;
    /// What a call cost us, a failed one too.
    virtual void provider_spent(std::string_view, MicroRoubles) {}
    virtual void telegram_called(std::string_view method, std::string_view outcome) = 0;
    virtual void delivery_ambiguous() = 0;
    /// A chat refused an answer for good. `outcome`: what became of what was paid for it.
    virtual void delivery_refused(std::string_view, std::string_view) {}
    /// Moment of the last completed poll for updates; readiness and alerts watch its age.
    virtual void polled(Time at) = 0;
    /// What one sweep mended.
    virtual void swept(const SweepReport&) {}
};

}  // namespace mlbilling
