#pragma once

#include "domain/retry.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/speech.hpp"
#include "ports/store/records.hpp"
#include "worker/attempt.hpp"

namespace mlbilling {

/// What a provider's failure means for the task.
Verdict verdict_of(const ProviderFailure& failure);

/// Calls the speech provider: counted, logged under the task, its bill added to what the attempt
/// spent, and ended at the deadline even if the adapter breaks its promise to do so.
class ProviderCalls {
  public:
    ProviderCalls(Speech& speech, Clock& clock, Metrics& metrics, RetryBudget& budget)
        : speech_(speech), clock_(clock), metrics_(metrics), budget_(budget) {}

    std::string provider() const { return speech_.name(); }

    /// Allows what the provider's time limit is; never beyond the task's own deadline.
    Async<Provided<SpokenVoice>> synthesize(std::shared_ptr<Attempt> attempt,
                                            SynthesisRequest request);
    /// The same; the task has a place of its own in the provider's lines.
    Async<Provided<Transcript>> recognize(std::shared_ptr<Attempt> attempt,
                                          RecognitionRequest request);

  private:
    Duration allowed(const Attempt& attempt, Duration wanted) const;
    /// `failure` is absent after a success.
    void note(Attempt& attempt, const char* operation, Time begun, const SpeechBill& bill,
              const ProviderFailure* failure);

    Speech& speech_;
    Clock& clock_;
    Metrics& metrics_;
    RetryBudget& budget_;
};

}  // namespace mlbilling
