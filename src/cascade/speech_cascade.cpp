#include "cascade/speech_cascade.hpp"

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/log.hpp"
#include "cascade/nearest_voice.hpp"
#include "cascade/operation_tag.hpp"

namespace mlbilling {
namespace {

using Kind = ProviderFailure::Kind;

/// Which of two failures says more about what to do: trying again beats giving up.
int rank(Kind kind) {
    switch (kind) {
        case Kind::busy: return 3;
        case Kind::down: return 2;
        case Kind::misconfigured: return 1;
        case Kind::unsupported:
        case Kind::refused: return 0;
    }
    return 0;
}

/// Whether the provider itself is at fault, and not what it was asked for.
bool is_outage(Kind kind) { return rank(kind) > 0; }

MicroRoubles sum(MicroRoubles a, MicroRoubles b) { return MicroRoubles(a.value() + b.value()); }

}  // namespace

struct SpeechCascade::Member {
    Member(CascadeMember from, CircuitBreaker::Options options)
        : provider(std::move(from)),
          name(provider.speech->name()),
          voices(provider.speech->voices()),
          languages(provider.speech->recognised_languages()),
          synthesis(options),
          recognition(options) {}

    CascadeMember provider;
    std::string name;
    std::vector<Voice> voices;
    std::vector<std::string> languages;
    CircuitBreaker synthesis;
    CircuitBreaker recognition;

    CircuitBreaker& breaker(const SynthesisRequest&) { return synthesis; }
    CircuitBreaker& breaker(const RecognitionRequest&) { return recognition; }

    bool is_too_dear(const SynthesisRequest& request) const {
        return request.cost_limit && provider.synthesis_cost &&
               provider.synthesis_cost(request) > *request.cost_limit;
    }
    bool is_too_dear(const RecognitionRequest& request) const {
        return request.cost_limit && provider.recognition_cost &&
               provider.recognition_cost(request) > *request.cost_limit;
    }
    Async<Provided<SpokenVoice>> call(SynthesisRequest request, Duration deadline) const {
        return provider.speech->synthesize(std::move(request), deadline);
    }
    Async<Provided<Transcript>> call(RecognitionRequest request, Duration deadline) const {
        return provider.speech->recognize(std::move(request), deadline);
    }
};

/// What one call of the cascade has tried so far.
template <class Request, class Answer>
struct SpeechCascade::Attempts {
    explicit Attempts(const SpeechCascade& owner, Request asked)
        : cascade(owner), request(std::move(asked)), order(owner.members_) {
        if constexpr (std::is_same_v<Request, RecognitionRequest>) put_resumed_first();
    }

    /// Who began the operation that is to be resumed goes first, whatever the order.
    void put_resumed_first() {
        if (request.operation.empty()) return;
        resumed = read_tag(request.operation);
        if (resumed.provider.empty()) resumed.provider = order.front()->name;
        const auto found = std::find_if(order.begin(), order.end(), [&](const auto& member) {
            return member->name == resumed.provider;
        });
        if (found != order.end()) std::rotate(order.begin(), found, std::next(found));
    }

    /// What the member is asked; nothing when it cannot do it.
    std::optional<SynthesisRequest> fitted(const Member& member, SynthesisRequest wish) const {
        const auto voice = nearest_voice(member.voices, cascade.voices_, wish.voice);
        if (!voice) return std::nullopt;
        wish.voice = *voice;
        return wish;
    }
    std::optional<RecognitionRequest> fitted(const Member& member, RecognitionRequest wish) {
        const auto& known = member.languages;
        if (std::find(known.begin(), known.end(), wish.language) == known.end())
            return std::nullopt;
        const bool resumes = member.name == resumed.provider;
        wish.operation = resumes ? resumed.operation : "";
        *begun = resumes;
        if (!wish.on_operation) return wish;
        wish.on_operation = [note = wish.on_operation, name = member.name,
                             flag = begun](const std::string& operation) {
            *flag = true;
            return note(tagged(name, operation));
        };
        return wish;
    }

    /// A failure that the call goes past, or ends with.
    void add(const Member& member, ProviderFailure failure) {
        spent = sum(spent, failure.cost);
        failure.detail = member.name + ": " + failure.detail;
        if (!worst || rank(failure.kind) > rank(worst->kind)) worst = std::move(failure);
    }
    ProviderFailure failure() const {
        auto failure = worst.value_or(
            ProviderFailure{Kind::unsupported, "no provider of the cascade can do this", {}});
        failure.cost = spent;
        return failure;
    }
    /// An operation was begun and has not failed: it is waited for.
    bool must_wait(const ProviderFailure& failure) const {
        return *begun && failure.kind == Kind::busy;
    }

    const SpeechCascade& cascade;
    Request request;
    std::vector<std::shared_ptr<Member>> order;
    TaggedOperation resumed;
    std::shared_ptr<bool> begun = std::make_shared<bool>(false);
    MicroRoubles spent;
    std::optional<ProviderFailure> worst;
};

SpeechCascade::SpeechCascade(Ports ports, std::vector<CascadeMember> members,
                             CircuitBreaker::Options breaker)
    : ports_(ports) {
    CHECK(!members.empty());
    std::set<std::string> names;
    std::vector<std::vector<Voice>> voices;
    for (auto& member : members) {
        CHECK(names.insert(member.speech->name()).second);
        members_.push_back(std::make_shared<Member>(std::move(member), breaker));
        voices.push_back(members_.back()->voices);
    }
    voices_ = union_of(voices);
}

std::string SpeechCascade::name() const {
    std::string names;
    for (const auto& member : members_) names += (names.empty() ? "" : ",") + member->name;
    return names;
}

std::vector<std::string> SpeechCascade::recognised_languages() const {
    std::vector<std::string> all;
    for (const auto& member : members_)
        for (const auto& language : member->languages)
            if (std::find(all.begin(), all.end(), language) == all.end()) all.push_back(language);
    return all;
}

bool SpeechCascade::is_demonstration() const {
    return members_.front()->provider.speech->is_demonstration();
}

Async<Provided<SpokenVoice>> SpeechCascade::synthesize(SynthesisRequest request,
                                                       Duration deadline) {
    return run<SynthesisRequest, SpokenVoice>(std::move(request), deadline);
}

Async<Provided<Transcript>> SpeechCascade::recognize(RecognitionRequest request,
                                                     Duration deadline) {
    return run<RecognitionRequest, Transcript>(std::move(request), deadline);
}

template <class Request, class Answer>
Async<Provided<Answer>> SpeechCascade::run(Request request, Duration deadline) {
    const auto end = ports_.clock.now() + deadline;
    Attempts<Request, Answer> attempts(*this, std::move(request));
    for (const auto& member : attempts.order) {
        auto wish = attempts.fitted(*member, attempts.request);
        auto obstacle = wish ? obstacle_to(*member, *wish)
                             : ProviderFailure{Kind::unsupported, "does not know the language", {}};
        if (obstacle) {
            attempts.add(*member, *std::move(obstacle));
            continue;
        }
        auto pass = member->breaker(*wish).ask(ports_.clock.now());
        if (!pass) {
            attempts.add(*member, {Kind::busy, "left out after failures in a row", {}});
            continue;
        }
        const auto left = std::max(Duration(0), end - ports_.clock.now());
        const auto share = member == attempts.order.back() ? left : left / 2;
        const auto begun = ports_.clock.now();
        Provided<Answer> answer = co_await member->call(*std::move(wish), share);
        auto* failure = std::get_if<ProviderFailure>(&answer);
        if (failure == nullptr) {
            pass->succeeded();
            auto& bill = std::get<Answer>(answer).bill;
            bill.cost = sum(bill.cost, attempts.spent);
            co_return answer;
        }
        const bool waits = attempts.must_wait(*failure);
        note<Request>(*member, *failure, begun);
        // An operation that takes its time says nothing about its provider.
        if (!waits) judge(*member, *failure, *pass);
        attempts.add(*member, *failure);
        if (failure->kind == Kind::refused || waits) {
            failure->cost = attempts.spent;
            co_return answer;
        }
    }
    co_return attempts.failure();
}

template <class Request>
std::optional<ProviderFailure> SpeechCascade::obstacle_to(const Member& member,
                                                          const Request& wish) const {
    const bool fallback = &member != members_.front().get();
    if (!fallback || !member.is_too_dear(wish)) return std::nullopt;
    return ProviderFailure{Kind::misconfigured, "dearer than what is held", {}};
}

template <class Request>
void SpeechCascade::note(const Member& member, const ProviderFailure& failure, Time begun) {
    constexpr std::string_view operation =
        std::is_same_v<Request, SynthesisRequest> ? "synthesize" : "recognize";
    const auto outcome = to_string(failure.kind);
    ports_.metrics.provider_called(member.name, operation, outcome, ports_.clock.now() - begun);
    log::warning("a provider of the cascade failed", {{"provider", member.name},
                                                      {"operation", operation},
                                                      {"outcome", outcome},
                                                      {"detail", failure.detail}});
}

void SpeechCascade::judge(const Member& member, const ProviderFailure& failure,
                          CircuitBreaker::Pass& pass) {
    if (!is_outage(failure.kind)) {
        pass.succeeded();
    } else if (pass.failed(ports_.clock.now(), ports_.random)) {
        log::error("a provider is left out for a while", {{"provider", member.name}});
    }
}

}  // namespace mlbilling
