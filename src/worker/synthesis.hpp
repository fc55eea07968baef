#pragma once

#include <deque>

#include "ports/audio.hpp"
#include "ports/results.hpp"
#include "worker/cached_results.hpp"
#include "worker/options.hpp"
#include "worker/provider_calls.hpp"
#include "worker/task_runner.hpp"

namespace mlbilling {

/// `text`: voices a text, in as many numbered parts as it takes to keep each below the size of a
/// voice message. Priced by the code points of the normalised text.
class Synthesis final : public TaskRunner {
  public:
    Synthesis(ProviderCalls& provider, AudioCodec& codec, ResultStore& results,
              CachedResults& cache, const WorkerOptions& options)
        : provider_(provider),
          codec_(codec),
          results_(results),
          cache_(cache),
          limits_(options.limits),
          credit_worth_(options.credit_worth) {}

    Async<Verdict> run(std::shared_ptr<Attempt> attempt) override;

  private:
    using Encoded = std::variant<EncodedVoice, Verdict>;
    using Audio = std::variant<Sound, EncodedVoice>;

    Async<Verdict> voice(std::shared_ptr<Attempt> attempt, std::string text, Completion completion);
    /// One piece of a text of `whole` code points.
    Async<Encoded> voice_part(std::shared_ptr<Attempt> attempt, std::string text, Units whole);
    /// What is usable of what the provider made: never charged for is what is damaged or silent.
    Async<Encoded> usable(Audio audio);
    Async<ResultPart> keep(std::shared_ptr<Attempt> attempt, EncodedVoice voice);

    ProviderCalls& provider_;
    AudioCodec& codec_;
    ResultStore& results_;
    CachedResults& cache_;
    WorkLimits limits_;
    std::optional<MicroRoubles> credit_worth_;
};

}  // namespace mlbilling
