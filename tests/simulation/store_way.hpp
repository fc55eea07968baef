#pragma once

#include <utility>

#include "simulation/lease_oracle.hpp"
#include "simulation/process.hpp"
#include "simulation/store_layer.hpp"

namespace mlbilling::simulation {

/// One process's connection to the database: every transaction may be delayed, fail before it
/// happened, happen without the caller learning of it, or be the last thing its caller does. The
/// oracle hears of every lease and settlement as the caller sees it.
class StoreWay final : public StoreLayer {
  public:
    StoreWay(Process& process, LeaseOracle& oracle, Store& store)
        : StoreLayer(store), process_(process), oracle_(oracle) {}

    Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) override {
        co_await before("lease");
        auto outcome = co_await store().lease(task, std::move(worker), lease_for);
        if (const auto* leased = std::get_if<Leased>(&outcome))
            oracle_.leased(task, leased->task.epoch);
        co_await after("lease");
        co_return outcome;
    }
    Async<SettleOutcome> complete(Completion completion) override {
        const auto task = completion.task;
        const auto epoch = completion.epoch;
        co_return co_await settle(task, epoch, store().complete(std::move(completion)));
    }
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                              std::optional<Units> measured, Spending spending) override {
        co_return co_await settle(task, epoch,
                                  store().fail(task, epoch, reason, measured, std::move(spending)));
    }
    Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at,
                               Spending spending) override {
        co_return co_await settle(task, epoch,
                                  store().retry(task, epoch, next_attempt_at, std::move(spending)));
    }
    Async<SettleOutcome> await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                         Spending spending) override {
        co_return co_await settle(
            task, epoch,
            store().await_operation(task, epoch, next_attempt_at, std::move(spending)));
    }
    Async<SettleOutcome> await_turn(TurnAwaited wait) override {
        const auto task = wait.task;
        const auto epoch = wait.epoch;
        co_return co_await settle(task, epoch, store().await_turn(std::move(wait)));
    }

  private:
    Async<void> before(const char* what) override { co_await process_.before(what); }
    Async<void> after(const char* what) override { co_await process_.after(what); }

    Async<SettleOutcome> settle(TaskId task, Epoch epoch, Async<SettleOutcome> transaction) {
        co_await before("settle");
        auto outcome = co_await std::move(transaction);
        if (std::holds_alternative<Settled>(outcome)) oracle_.settled(task, epoch);
        co_await after("settle");
        co_return outcome;
    }

    Process& process_;
    LeaseOracle& oracle_;
};

}  // namespace mlbilling::simulation
