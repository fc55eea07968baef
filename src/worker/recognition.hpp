#pragma once

#include <algorithm>

#include "ports/audio.hpp"
#include "ports/clock.hpp"
#include "ports/event.hpp"
#include "ports/memory_budget.hpp"
#include "ports/store/intake.hpp"
#include "ports/telegram.hpp"
#include "worker/cached_results.hpp"
#include "worker/options.hpp"
#include "worker/provider_calls.hpp"
#include "worker/task_runner.hpp"

namespace mlbilling {

/// `voice`: reads a recording. Priced by what a decoder makes of it, whatever its sender claimed:
/// the hold follows the measured price before the provider is called (Money rule 6), and nothing is
/// decoded that cannot be paid for.
class Recognition final : public TaskRunner {
  public:
    Recognition(ProviderCalls& provider, AudioCodec& codec, telegram::Api& telegram,
                WorkStore& store, IntakeStore& users, CachedResults& cache, Clock& clock,
                const WorkerOptions& options)
        : provider_(provider),
          codec_(codec),
          telegram_(telegram),
          store_(store),
          users_(users),
          cache_(cache),
          clock_(clock),
          limits_(options.limits),
          files_(std::max(limits_.files_in_memory, limits_.largest_file)),
          ask_above_(options.ask_above),
          credit_worth_(options.credit_worth) {}

    Async<Verdict> run(std::shared_ptr<Attempt> attempt) override;

  private:
    using Fetched = std::variant<std::string, Verdict>;
    using Examined = std::variant<Recording, Verdict>;

    /// Settles with the earlier result of the measured units.
    Async<Verdict> repeat(std::shared_ptr<Attempt> attempt, Units measured, TaskResult result);
    /// The file stays in memory for as long as `room`, which is made for it.
    Async<Fetched> fetch(std::shared_ptr<Attempt> attempt, MemoryBudget::Share* room);
    /// `paid_in_part`: what it is answered with is there already, so that the user may need less
    /// than its full price.
    Async<Examined> examine(std::shared_ptr<Attempt> attempt, std::string file, bool paid_in_part);
    /// How much the user can pay for, the hold included.
    Async<Duration> payable(std::shared_ptr<Attempt> attempt);
    /// Holds the price; nothing when it is held.
    Async<std::optional<Verdict>> hold(std::shared_ptr<Attempt> attempt, Units measured,
                                       Credits price);
    Async<Verdict> recognize(std::shared_ptr<Attempt> attempt, Recording recording,
                             Completion completion);
    /// `lost` is set when the lease is another's.
    Async<void> record_operation(std::shared_ptr<Attempt> attempt, std::string operation,
                                 Event lost);

    ProviderCalls& provider_;
    AudioCodec& codec_;
    telegram::Api& telegram_;
    WorkStore& store_;
    IntakeStore& users_;
    CachedResults& cache_;
    Clock& clock_;
    WorkLimits limits_;
    MemoryBudget files_;
    std::optional<Credits> ask_above_;
    std::optional<MicroRoubles> credit_worth_;
};

}  // namespace mlbilling
