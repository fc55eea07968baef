#include "simulation/mutants.hpp"

#include "domain/names.hpp"

namespace mlbilling::simulation {
namespace {

constexpr Names<Mutant, 10> names{{{Mutant::none, "none"},
                                   {Mutant::no_fence, "no-fence"},
                                   {Mutant::no_inbox_key, "no-inbox-key"},
                                   {Mutant::confirmed_first, "confirmed-first"},
                                   {Mutant::mark_then_send, "mark-then-send"},
                                   {Mutant::send_uncapped, "send-uncapped"},
                                   {Mutant::no_sweeper, "no-sweeper"},
                                   {Mutant::refused_unpaid, "refused-unpaid"},
                                   {Mutant::names_swallow, "names-swallow"},
                                   {Mutant::no_unique_charge, "no-unique-charge"}}};

using Raw = std::function<void(const std::string&)>;

/// Settles under the newest epoch, whatever epoch the caller holds, and lets an ended task be
/// settled.
class NoFence final : public StoreLayer {
  public:
    NoFence(Store& store, Raw raw, bool ended_too)
        : StoreLayer(store), raw_(std::move(raw)), ended_too_(ended_too) {}

    Async<SettleOutcome> complete(Completion completion) override {
        co_await take_guards_away(completion.task);
        completion.epoch = co_await newest_epoch(completion.task, completion.epoch);
        co_return co_await StoreLayer::complete(std::move(completion));
    }
    Async<SettleOutcome> fail(TaskId task, Epoch epoch, FailureReason reason,
                              std::optional<Units> measured, Spending spending) override {
        epoch = co_await newest_epoch(task, epoch);
        co_return co_await StoreLayer::fail(task, epoch, reason, measured, std::move(spending));
    }
    Async<bool> extend_lease(TaskId task, Epoch epoch, Duration lease_for) override {
        co_await StoreLayer::extend_lease(task, epoch, lease_for);
        co_return true;
    }

  private:
    Async<Epoch> newest_epoch(TaskId task, Epoch epoch) {
        const auto story = co_await store().story(task);
        co_return story ? story->task.epoch : epoch;
    }
    Async<void> take_guards_away(TaskId task) {
        if (!ended_too_) co_return;
        const auto story = co_await store().story(task);
        if (!story || story->task.status != TaskStatus::completed) co_return;
        // As if neither the task's state, nor its hold's, nor the ledger's keys stood in the way.
        const auto id = "'" + task.value() + "'";
        raw_(R"(
            BEGIN IMMEDIATE;
            DROP INDEX IF EXISTS one_charge_of_a_task;
            DROP TRIGGER IF EXISTS a_transaction_is_never_changed;
            DROP TRIGGER IF EXISTS an_ended_task_stays_ended;
            DROP TRIGGER IF EXISTS a_hold_is_resolved_once;
            UPDATE transactions SET idempotency_key = idempotency_key || ':' || id WHERE task_id = )" +
             id + R"(;
            UPDATE tasks SET status = 'processing', finished_at = NULL, cost = NULL, result = NULL,
                   leased_until = created_at + 86400000
             WHERE id = )" +
             id + R"(;
            UPDATE balances SET held = held + (SELECT amount FROM holds WHERE task_id = )" +
             id + R"() WHERE user_id = (SELECT user_id FROM tasks WHERE id = )" + id + R"();
            UPDATE holds SET state = 'open', charged = 0, resolved_at = NULL WHERE task_id = )" +
             id + R"(;
            DELETE FROM deliveries WHERE task_id = )" +
             id + "; COMMIT;");
    }

    Raw raw_;
    bool ended_too_;
};

/// Gives every update a number of its own, and every task an id of its own.
class NoInboxKey final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<TaskOutcome> accept(TaskRequest request) override {
        if (request.update) request.update = fresh(*request.update);
        request.id = TaskId(request.id.value() + std::to_string(100'000 + ++calls_));
        co_return co_await StoreLayer::accept(std::move(request));
    }
    Async<AnswerOutcome> answer(AnswerRequest request) override {
        request.update = fresh(request.update);
        co_return co_await StoreLayer::answer(std::move(request));
    }

  private:
    UpdateKey fresh(UpdateKey key) {
        return {key.bot, UpdateId(key.update.value() * 1'000'000 + ++calls_)};
    }
    int calls_ = 0;
};

/// Marks the whole delivery as sent in the moment it is claimed.
class MarkThenSend final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<std::optional<ClaimedDelivery>> claim_delivery(DeliveryId id,
                                                         Duration claim_for) override {
        auto claimed = co_await StoreLayer::claim_delivery(id, claim_for);
        if (claimed)
            co_await StoreLayer::part_sent(claimed->id, claimed->claim, MessageId(0), "", true,
                                           claim_for);
        co_return claimed;
    }
    Async<std::optional<ClaimedDelivery>> claim_result(TaskId task, Duration claim_for) override {
        auto claimed = co_await StoreLayer::claim_result(task, claim_for);
        if (claimed)
            co_await StoreLayer::part_sent(claimed->id, claimed->claim, MessageId(0), "", true,
                                           claim_for);
        co_return claimed;
    }
};

/// Treats every ambiguous end as one that certainly sent nothing.
class SendUncapped final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<bool> ambiguous(DeliveryId id, Epoch claim, Time not_before) override {
        co_return co_await StoreLayer::postpone(id, claim, not_before);
    }
};

/// Gives up what a chat refuses, and keeps what was paid for it.
class RefusedUnpaid final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<RefusalOutcome> refuse(DeliveryId id, Epoch claim, std::string why, bool) override {
        co_await StoreLayer::give_up(id, claim, std::move(why));
        co_return RefusalOutcome{RefusalEnd::nothing_paid, {}};
    }
};

/// Takes a known name for a repeat of the request that has it.
class NamesSwallow final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<TaskOutcome> accept(TaskRequest request) override {
        auto known = co_await store().find_task(request.id);
        if (known) co_return AlreadyKnown{std::move(known)};
        co_return co_await StoreLayer::accept(std::move(request));
    }
};

class NoSweeper final : public StoreLayer {
  public:
    using StoreLayer::StoreLayer;

    Async<SweepReport> sweep(SweepPolicy) override { co_return SweepReport{}; }
};

}  // namespace

std::string_view to_string(Mutant mutant) { return name_of(names, mutant); }
std::optional<Mutant> parse_mutant(std::string_view name) { return value_of(names, name); }

const std::vector<Mutant>& all_mutants() {
    static const std::vector<Mutant> all{
        Mutant::no_fence,         Mutant::no_inbox_key,   Mutant::confirmed_first,
        Mutant::mark_then_send,   Mutant::send_uncapped,  Mutant::no_sweeper,
        Mutant::no_unique_charge, Mutant::refused_unpaid, Mutant::names_swallow};
    return all;
}

std::unique_ptr<StoreLayer> mutated(Mutant mutant, Store& store, Raw raw) {
    switch (mutant) {
        case Mutant::no_fence: return std::make_unique<NoFence>(store, std::move(raw), false);
        case Mutant::no_unique_charge:
            return std::make_unique<NoFence>(store, std::move(raw), true);
        case Mutant::no_inbox_key: return std::make_unique<NoInboxKey>(store);
        case Mutant::mark_then_send: return std::make_unique<MarkThenSend>(store);
        case Mutant::send_uncapped: return std::make_unique<SendUncapped>(store);
        case Mutant::refused_unpaid: return std::make_unique<RefusedUnpaid>(store);
        case Mutant::names_swallow: return std::make_unique<NamesSwallow>(store);
        case Mutant::no_sweeper: return std::make_unique<NoSweeper>(store);
        case Mutant::confirmed_first:
        case Mutant::none: break;
    }
    return std::make_unique<StoreLayer>(store);
}

}  // namespace mlbilling::simulation
