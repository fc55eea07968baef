#include "worker/settlement.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "protocol/messages.hpp"

namespace mlbilling {
namespace {

constexpr Duration worth_telling{60'000};

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace

Decision Settlement::decide(const Attempt& attempt, Verdict verdict) {
    return std::visit(
        Overloaded{[](Lost lost) { return Decision(lost); },
                   [](Completion& completion) { return Decision(std::move(completion)); },
                   [](Failed failed) { return Decision(failed); },
                   [&](TryAgain again) { return decide_retry(attempt, again); },
                   [&](HandedBack) { return Decision(RetryAt{ports_.clock.now()}); }},
        verdict);
}

Decision Settlement::decide_retry(const Attempt& attempt, const TryAgain& again) {
    if (again.in_line) {
        const auto turn = ports_.clock.now() + again.pause;
        return RetryAt{turn, false, turn + *again.in_line};
    }
    const auto attempts = attempt.task.attempt;
    const auto wait =
        std::max(again.pause, backoff(policy_, std::max(1, attempts), ports_.random.next()));
    const RetryAt next{ports_.clock.now() + wait, again.counts};
    const bool in_time = next.moment < attempt.task.deadline_at;
    const int most = std::min(policy_.max_attempts, again.most.value_or(policy_.max_attempts));
    const bool used_up = again.counts && attempts >= most;
    if (used_up || !in_time) return Failed{again.reason, std::nullopt};
    if (again.provider_failed && !budget_.take()) {
        log::warning("retry budget used up", {{"task", attempt.task.id}});
        return Failed{again.reason, std::nullopt};
    }
    return next;
}

Async<Settlement::Aftermath> Settlement::settle(std::shared_ptr<Attempt> attempt, Decision decision,
                                                bool again) {
    const auto id = attempt->task.id;
    const auto epoch = attempt->task.epoch;
    Aftermath aftermath;
    aftermath.orphans = attempt->written;
    SettleOutcome outcome = Fenced{};
    bool completes = false;
    if (auto* completion = std::get_if<Completion>(&decision)) {
        completes = true;
        completion->spending = attempt->spending;
        outcome = co_await ports_.store.complete(std::move(*completion));
    } else if (const auto* failed = std::get_if<Failed>(&decision)) {
        outcome = co_await ports_.store.fail(id, epoch, failed->reason, failed->measured,
                                             attempt->spending);
    } else if (const auto* retry = std::get_if<RetryAt>(&decision)) {
        outcome = co_await put_off(*attempt, *retry);
    }
    const auto* settled = std::get_if<Settled>(&outcome);
    if (settled == nullptr) note_fence(*attempt);
    if (completes && (settled != nullptr || again)) aftermath.orphans.clear();
    if (settled == nullptr) co_return aftermath;
    note(*attempt, settled->task);
    aftermath.reply = settled->reply;
    if (!settled->reply && is_final(settled->task.status)) aftermath.reply_to = settled->task;
    co_return aftermath;
}

Async<SettleOutcome> Settlement::put_off(const Attempt& attempt, RetryAt retry) {
    const auto& task = attempt.task;
    auto& store = ports_.store;
    if (retry.counts) return store.retry(task.id, task.epoch, retry.moment, attempt.spending);
    if (!retry.ready_at)
        return store.await_operation(task.id, task.epoch, retry.moment, attempt.spending);
    TurnAwaited wait{task.id, task.epoch, retry.moment, std::nullopt, attempt.spending};
    // A short wait is nothing to tell: the status message says that the work goes on.
    const auto ready_in = *retry.ready_at - ports_.clock.now();
    if (ready_in >= worth_telling) wait.ready_at = retry.ready_at;
    log::info("task waits for its turn", {{"task", task.id}, {"ready_in_ms", ready_in.count()}});
    return store.await_turn(std::move(wait));
}

Async<void> Settlement::follow_up(Aftermath aftermath) {
    if (aftermath.reply) co_await ports_.outbox.publish(*std::move(aftermath.reply));
    const auto& task = aftermath.reply_to;
    if (task && task->place && is_reply_queue(task->reply_to)) {
        // Our bot's reply queue is only the fastest road: the delivery that is due stands in the
        // database.
        auto message = reply_message(reply_to_task(*task), task->id.value());
        const auto published =
            co_await ports_.broker.publish(QueueName(task->reply_to), std::move(message));
        if (published != Published::confirmed)
            log::info("reply left to the sweep", {{"task", task->id}});
    }
    for (const auto& key : aftermath.orphans) co_await ports_.results.remove(key);
}

void Settlement::note(const Attempt& attempt, const TaskRecord& task) {
    const auto took = ports_.clock.now() - attempt.started;
    if (is_final(task.status)) {
        ports_.metrics.task_ended(task.type, task.status);
        ports_.metrics.task_processed(task.type, task.provider.empty() ? "none" : task.provider,
                                      took);
    } else {
        ports_.metrics.task_retried(task.type);
    }
    log::info("task settled", {{"task", task.id},
                               {"status", to_string(task.status)},
                               {"failure", to_string(task.failure)},
                               {"cost", task.cost.value_or(Credits(0)).value()},
                               {"cached", task.cached},
                               {"attempt", attempt.task.attempt},
                               {"ms", took.count()}});
}

void Settlement::note_fence(const Attempt& attempt) {
    ports_.metrics.lease_fenced();
    log::warning("work dropped: the lease is another's",
                 {{"task", attempt.task.id}, {"epoch", attempt.task.epoch}});
}

}  // namespace mlbilling
