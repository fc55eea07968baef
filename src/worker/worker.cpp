#include "worker/worker.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "ports/all.hpp"
#include "ports/cancellation.hpp"
#include "ports/until.hpp"

namespace mlbilling {
namespace {

/// What fails so often in ways that nobody has foreseen will fail again.
constexpr int odd_failures_allowed = 3;

}  // namespace

Worker::Worker(Dependencies dependencies, WorkerOptions options)
    : ports_(dependencies),
      options_(std::move(options)),
      budget_(options_.retry_budget),
      provider_(ports_.speech, ports_.clock, ports_.metrics, budget_),
      cache_(ports_.store, ports_.results),
      synthesis_(provider_, ports_.codec, ports_.results, cache_, options_),
      recognition_(provider_, ports_.codec, ports_.telegram, ports_.store, ports_.intake, cache_,
                   ports_.clock, options_),
      reception_({ports_.store, ports_.intake, ports_.broker, ports_.outbox, ports_.metrics},
                 options_),
      settlement_({ports_.store, ports_.results, ports_.broker, ports_.outbox, ports_.clock,
                   ports_.random, ports_.metrics},
                  options_.retry, budget_) {
    CHECK(options_.concurrency > 0);
    CHECK(options_.heartbeat < options_.lease);
    CHECK(options_.limits.largest_voice <= largest_result);
}

Async<void> Worker::run() {
    log::info("worker started", {{"worker", options_.name}, {"concurrency", options_.concurrency}});
    std::vector<Async<void>> consumers;
    for (int i = 0; i < options_.concurrency; ++i) consumers.push_back(consume());
    co_await all(std::move(consumers));
    log::info("worker stopped", {{"worker", options_.name}});
}

void Worker::stop() {
    if (stopping_.is_set()) return;
    log::info("worker drains", {{"in_flight", in_flight_}});
    stopping_.set();
    drain_ = ports_.clock.ring_after(options_.drain, [this] { drained_.set(); });
}

Async<void> Worker::consume() {
    Job job;
    int failures = 0;
    while (!stopping_.is_set() || (job.received && !drained_.is_set())) {
        bool down = false;
        try {
            co_await advance(&job);
            failures = 0;
            outage_.over();
        } catch (const Unavailable& error) {
            down = true;
            outage_.tell(error.what());
        } catch (const std::exception& error) {
            // One message's trouble, whatever it is, is not that of the others.
            if (is_cancellation(error)) throw;
            down = true;
            log::error("a message could not be worked on", {{"error", error.what()}});
            count_odd_failure(&job, error.what());
        }
        if (!down) continue;
        interrupted(&job);
        co_await back_off(++failures, job.received.has_value());
    }
    // What is left could not be settled until the very end: its lease runs out, its message comes
    // again.
    if (job.attempt) count(-1);
}

Async<void> Worker::advance(Job* job) {
    if (!job->received)
        job->received = co_await until(stopping_, ports_.broker.receive(task_queue()));
    if (!job->received) co_return;
    const bool begun = job->attempt || job->disposal;
    if (stopping_.is_set() && !begun) job->disposal = Disposal{Disposal::Kind::return_to_queue, {}};
    if (!job->disposal) co_await handle(job);
    co_await dispose(job);
}

Async<void> Worker::handle(Job* job) {
    if (!job->attempt) {
        auto admission = co_await reception_.admit(job->received->message);
        if (auto* disposal = std::get_if<Disposal>(&admission)) {
            job->disposal = std::move(*disposal);
            co_return;
        }
        begin(job, std::get<Leased>(std::move(admission)));
    }
    co_await work_on(job);
}

Async<void> Worker::work_on(Job* job) {
    if (!job->decision) {
        auto verdict = co_await work(job->attempt);
        job->decision = settlement_.decide(*job->attempt, std::move(verdict));
    }
    const bool again = std::exchange(job->settling, true);
    auto aftermath = co_await settlement_.settle(job->attempt, *job->decision, again);
    // Committed: from here on the message only has to be acknowledged.
    job->attempt.reset();
    count(-1);
    job->disposal = Disposal{};
    co_await settlement_.follow_up(std::move(aftermath));
}

Async<void> Worker::dispose(Job* job) {
    const auto receipt = job->received->receipt;
    const auto disposal = *std::move(job->disposal);
    // Whatever becomes of the next call, this message is done with: unacknowledged, it comes again.
    *job = Job{};
    switch (disposal.kind) {
        case Disposal::Kind::acknowledge: co_await ports_.broker.acknowledge(receipt); break;
        case Disposal::Kind::return_to_queue:
            co_await ports_.broker.return_to_queue(receipt);
            break;
        case Disposal::Kind::reject:
            ports_.metrics.dead_lettered();
            co_await ports_.broker.reject(receipt, disposal.reason);
            break;
    }
}

void Worker::count_odd_failure(Job* job, const std::string& error) {
    const bool unread = job->received && !job->attempt && !job->disposal;
    if (unread && ++job->odd_failures >= odd_failures_allowed)
        job->disposal = Disposal{Disposal::Kind::reject, error};
}

void Worker::interrupted(Job* job) {
    // The work broke off in the middle: another attempt, if there may be one, begins from the
    // start.
    if (job->attempt && !job->decision)
        job->decision = settlement_.decide(
            *job->attempt, TryAgain{FailureReason::provider_failed, Duration(0), false});
}

Async<void> Worker::back_off(int failures, bool busy) {
    const auto span = backoff(while_down, failures, ports_.random.next());
    co_await (busy ? drained_ : stopping_).wait_within(ports_.clock, span);
}

Async<Verdict> Worker::work(std::shared_ptr<Attempt> attempt) {
    if (ports_.clock.now() >= attempt->task.deadline_at)
        co_return Failed{FailureReason::expired, std::nullopt};
    TaskRunner* runner = nullptr;
    switch (attempt->task.type) {
        case TaskType::text: runner = &synthesis_; break;
        case TaskType::voice: runner = &recognition_; break;
    }
    const auto loop = co_await boost::asio::this_coro::executor;
    const KeptLease lease(loop, ports_.store, ports_.clock, {options_.lease, options_.heartbeat},
                          attempt);
    Event cut_off;
    const auto end = [cut_off]() mutable { cut_off.set(); };
    const Event::Call when_lost(lease.lost(), loop, end);
    const Event::Call when_drained(drained_, loop, end);
    auto verdict = co_await until(cut_off, runner->run(attempt));
    if (verdict) co_return *std::move(verdict);
    if (lease.lost().is_set()) co_return Lost{};
    log::info("task handed back", {{"task", attempt->task.id}});
    co_return HandedBack{};
}

void Worker::begin(Job* job, Leased leased) {
    job->attempt = std::make_shared<Attempt>();
    job->attempt->task = std::move(leased.task);
    job->attempt->operation = std::move(leased.operation);
    job->attempt->started = ports_.clock.now();
    count(1);
    const auto& task = job->attempt->task;
    log::info("task leased", {{"task", task.id},
                              {"type", to_string(task.type)},
                              {"attempt", task.attempt},
                              {"epoch", task.epoch},
                              {"held", task.held.value()}});
}

void Worker::count(int change) {
    in_flight_ += change;
    ports_.metrics.tasks_in_flight(in_flight_);
}

}  // namespace mlbilling
