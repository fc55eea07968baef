#pragma once

#include <memory>
#include <optional>

#include "base/outage_log.hpp"
#include "domain/retry.hpp"
#include "ports/audio.hpp"
#include "ports/broker.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/results.hpp"
#include "ports/speech.hpp"
#include "ports/store/intake.hpp"
#include "ports/store/work.hpp"
#include "ports/telegram.hpp"
#include "protocol/outbox_publisher.hpp"
#include "worker/cached_results.hpp"
#include "worker/kept_lease.hpp"
#include "worker/options.hpp"
#include "worker/provider_calls.hpp"
#include "worker/reception.hpp"
#include "worker/recognition.hpp"
#include "worker/settlement.hpp"
#include "worker/synthesis.hpp"

namespace mlbilling {

/// Takes tasks from the queue `tasks` and brings each to its end: message, lease, work, settlement,
/// reply, and only then the acknowledgement, so that a death at any point is mended by the broker
/// or the sweeper (design.md, Nothing is lost). One loop, `concurrency` tasks side by side.
class Worker {
  public:
    struct Dependencies {
        WorkStore& store;
        IntakeStore& intake;
        Broker& broker;
        telegram::Api& telegram;
        Speech& speech;
        AudioCodec& codec;
        ResultStore& results;
        Clock& clock;
        Random& random;
        Metrics& metrics;
        OutboxPublisher& outbox;
    };
    Worker(Dependencies dependencies, WorkerOptions options);

    /// Works until stop(), and then until nothing is in flight; or until cancelled, which drops
    /// everything where it is, as a crash does. Survives outages of everything that throws
    /// Unavailable.
    Async<void> run();
    /// No more messages are taken. What runs may go on for options.drain; then it is cut off and
    /// its lease handed back, so that another worker begins at once.
    void stop();
    /// Tasks leased and not settled yet.
    int in_flight() const { return in_flight_; }

  private:
    /// How far one message has come. What is done is not done again after Unavailable.
    struct Job {
        std::optional<ReceivedMessage> received;
        std::shared_ptr<Attempt> attempt;
        std::optional<Decision> decision;
        bool settling = false;
        std::optional<Disposal> disposal;
        int odd_failures = 0;
    };

    Async<void> consume();
    /// Brings the job to its end, from wherever it is.
    Async<void> advance(Job* job);
    Async<void> handle(Job* job);
    Async<void> work_on(Job* job);
    Async<void> dispose(Job* job);
    /// A message that fails again and again before it is a task goes to the dead letters.
    static void count_odd_failure(Job* job, const std::string& error);
    void interrupted(Job* job);
    /// Ends early with the drain, or at once with stop() when there is nothing to finish.
    Async<void> back_off(int failures, bool busy);

    /// The work itself, cut off when the lease is lost or the drain is over.
    Async<Verdict> work(std::shared_ptr<Attempt> attempt);

    void begin(Job* job, Leased leased);
    void count(int change);

    Dependencies ports_;
    WorkerOptions options_;
    RetryBudget budget_;
    ProviderCalls provider_;
    CachedResults cache_;
    Synthesis synthesis_;
    Recognition recognition_;
    Reception reception_;
    Settlement settlement_;
    Event stopping_;
    Event drained_;
    /// Sets drained_ after options.drain.
    std::unique_ptr<Alarm> drain_;
    int in_flight_ = 0;
    /// Of the store or the broker; every slot meets the same.
    log::OutageLog outage_{"worker waits for what is down"};
};

}  // namespace mlbilling
