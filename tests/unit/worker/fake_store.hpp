#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/clock.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/upkeep.hpp"
#include "ports/store/work.hpp"

namespace mlbilling::test {

/// The worker's sides of the store in memory, by the rules of the ports; each call takes a
/// millisecond.
class FakeStore final : public WorkStore, public IntakeStore, public UpkeepStore {
  public:
    explicit FakeStore(Clock& clock) : clock_(clock) {}

    /// Calls of the method that throw Unavailable before they do anything; and after they did it.
    std::map<std::string, int> fail_before;
    std::map<std::string, int> fail_after;
    std::map<std::string, int> calls;
    std::map<TaskId, TaskRecord> tasks;
    std::map<TaskId, std::string> operations;
    std::map<TelegramId, Credits> balances;
    std::set<TelegramId> banned;
    std::map<std::string, TaskResult> cache;
    std::vector<OutboxRecord> outbox;
    /// Every hold's change, charge and release, as `what task credits`.
    std::vector<std::string> book;
    /// Who was told that a task waits for its turn, and until when.
    std::vector<std::pair<TaskId, Time>> told;

    /// A task of our bot (with a place) that waits to be leased, its price held.
    TaskRecord& add(const std::string& id, TaskType type, std::string data, Credits held);
    Credits held_by(TelegramId user) const;

    Async<LeaseOutcome> lease(TaskId task, std::string worker, Duration lease_for) override;
    Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) override;
    Async<bool> record_operation(TaskId task, Epoch epoch, std::string operation) override;
    Async<AdjustOutcome> adjust_hold(TaskId task, Epoch epoch, Units measured,
                                     Credits price) override;
    Async<std::optional<TaskResult>> find_cached(std::string cache_key) override;
    Async<SettleOutcome> complete(Completion completion) override;
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                              std::optional<Units> measured, Spending spending) override;
    Async<SettleOutcome> retry(TaskId task, Epoch epoch, Time next_attempt_at,
                               Spending spending) override;
    Async<SettleOutcome> await_operation(TaskId task, Epoch epoch, Time next_attempt_at,
                                         Spending spending) override;
    Async<SettleOutcome> await_turn(TurnAwaited wait) override;

    Async<TaskOutcome> accept(TaskRequest request) override;
    Async<TaskOutcome> accept_proposal(ProposalRequest) override;
    Async<AnswerOutcome> answer(AnswerRequest) override;
    Async<AnswerOutcome> change_settings(AnswerRequest, SettingsChange) override;
    Async<CancelOutcome> cancel(AnswerRequest, std::optional<TaskId>) override;
    Async<std::optional<Profile>> profile(TelegramId user) override;
    Async<std::optional<TaskRecord>> find_task(TaskId) override;
    Async<std::optional<TaskRecord>> find_asked(BotId, ChatId, MessageId) override;
    Async<std::vector<HistoryLine>> history(TelegramId, std::optional<std::int64_t>, int) override;
    Async<std::vector<Price>> current_prices() override;

    Async<std::vector<OutboxRecord>> take_outbox(int limit, Duration claim_for) override;
    Async<void> published(std::vector<OutboxId> ids) override;
    Async<void> not_published(std::vector<OutboxId> ids) override;
    Async<SweepReport> sweep(SweepPolicy policy) override;

  private:
    Async<void> before(std::string method);
    void after(const std::string& method);
    TaskRecord* leased(const TaskId& task, Epoch epoch);
    static void spend(TaskRecord& task, const Spending& spending);
    Settled settled(TaskRecord& task, TaskStatus status);
    /// The request's own task or, without one, the id that its task is to have.
    std::pair<TaskId, TaskRecord*> place_of(const TaskRequest& request);
    void note(const std::string& what, const TaskRecord& task, Credits amount);

    Clock& clock_;
    std::int64_t next_outbox_ = 1;
};

/// 0.1 credits per character, 0.5 per second, at least 1 (design.md).
Price price_of(TaskType type);

}  // namespace mlbilling::test
