#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cascade/circuit_breaker.hpp"
#include "ports/clock.hpp"
#include "ports/metrics.hpp"
#include "ports/random.hpp"
#include "ports/speech.hpp"

namespace mlbilling {

/// One provider of a cascade.
struct CascadeMember {
    /// Outlives the cascade, as do the functions.
    Speech* speech = nullptr;
    /// What a call would cost us, before it is made; absent: nothing.
    std::function<MicroRoubles(const SynthesisRequest&)> synthesis_cost;
    std::function<MicroRoubles(const RecognitionRequest&)> recognition_cost;
};

/// Several providers as one, in order: whoever is busy, down, misconfigured or cannot do it leaves
/// the call to the next; whoever refuses the input ends it.
///
/// - A provider that keeps failing is left out for a while if there is another, for each kind of
///   call by itself.
/// - The first provider is the one that prices were made for. Another is skipped when its call
/// would
///   cost more than the request's `cost_limit`: a fallback never costs us more than what the user's
///   hold is worth. What the user pays does not depend on who serves.
/// - The bill names who served, and adds what the failed calls cost.
/// - A voice that the provider does not have becomes its nearest of the same language.
/// - An operation that was begun is waited for, by this call or a later attempt: another provider
///   takes over only when its own says that it failed.
/// - While there is another to ask, a provider has what the others' time limits leave, and half of
///   the time that is left at least.
/// - Where our own quota of a provider is used up, the others are asked; a place in its line is
///   kept only when nobody else serves.
/// - A provider that refuses our account (key, rights, quota, model) is left out at once, the only
///   one, too; what is asked meanwhile fails as misconfigured.
class SpeechCascade final : public Speech {
  public:
    struct Ports {
        Clock& clock;
        Random& random;
        Metrics& metrics;
    };

    /// CHECKs that there is a member, and that each has its own name.
    SpeechCascade(Ports ports, std::vector<CascadeMember> members, CircuitBreaker::Options breaker);

    /// The names in order, as in SPEECH_PROVIDER: `yandex,local`.
    std::string name() const override;
    std::vector<Voice> voices() const override { return voices_; }
    std::vector<std::string> recognised_languages() const override;
    /// Whether the first one is.
    bool is_demonstration() const override;

    /// What all of them together may take.
    Duration time_limit(const SynthesisRequest& request) const override;
    Duration time_limit(const RecognitionRequest& request) const override;

    Async<Provided<SpokenVoice>> synthesize(SynthesisRequest request, Duration deadline) override;
    Async<Provided<Transcript>> recognize(RecognitionRequest request, Duration deadline) override;

  private:
    struct Member;
    template <class Request, class Answer>
    struct Attempts;

    template <class Request, class Answer>
    Async<Provided<Answer>> run(Request request, Duration deadline);
    /// Why the member is not even asked.
    template <class Request>
    std::optional<ProviderFailure> obstacle_to(const Member& member, const Request& wish) const;
    template <class Request>
    void note(const Member& member, const ProviderFailure& failure, Time begun);
    /// Tells the breaker.
    void judge(const Member& member, const ProviderFailure& failure, CircuitBreaker::Pass& pass,
               std::string& our_fault);
    template <class Request, class Answer>
    Async<Provided<Answer>> wait_in_line(std::shared_ptr<Member> member, Request request, Time end);
    /// Each has its own time limit if there is so much time, and half of what is left at least.
    template <class Tried>
    Duration share_of(const Tried& attempts, const Member& member, Time end) const;
    template <class Request>
    Duration sum_of_limits(const Request& request) const;

    Ports ports_;
    std::vector<std::shared_ptr<Member>> members_;
    std::vector<Voice> voices_;
};

}  // namespace mlbilling
