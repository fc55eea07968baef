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

/// While a breaker is open.
ProviderFailure left_out(const std::string& our_fault) {
    if (our_fault.empty()) return {Kind::busy, "left out after failures in a row", {}};
    return {Kind::misconfigured, "left out, since our account is refused: " + our_fault, {}};
}

/// While there is another to ask, nobody is made to wait in line.
template <class Tried>
void keep_no_place(const Tried& attempts, RecognitionRequest& wish) {
    if (!attempts.alone()) wish.keeps_place = false;
}
template <class Tried>
void keep_no_place(const Tried&, SynthesisRequest&) {}

MicroRoubles sum(MicroRoubles a, MicroRoubles b) { return MicroRoubles(a.value() + b.value()); }

template <class Answer>
MicroRoubles& cost_in(Provided<Answer>& answer) {
    if (auto* failure = std::get_if<ProviderFailure>(&answer)) return failure->cost;
    return std::get<Answer>(answer).bill.cost;
}

}  // namespace

struct SpeechCascade::Member {
    /// One kind of call.
    struct Line {
        CircuitBreaker breaker;
        /// Why it is left out although it is up: our account there; empty: it is down.
        std::string our_fault = {};
    };

    Member(CascadeMember from, CircuitBreaker::Options options)
        : provider(std::move(from)),
          name(provider.speech->name()),
          voices(provider.speech->voices()),
          languages(provider.speech->recognised_languages()),
          synthesis{CircuitBreaker(options)},
          recognition{CircuitBreaker(options)} {}

    CascadeMember provider;
    std::string name;
    std::vector<Voice> voices;
    std::vector<std::string> languages;
    Line& line(const SynthesisRequest&) { return synthesis; }
    Line& line(const RecognitionRequest&) { return recognition; }

    Line synthesis;
    Line recognition;

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

    /// Whether this member is the only one that is asked.
    bool alone() const { return order.size() == 1; }

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
    /// The first whose quota of ours is used up.
    std::shared_ptr<Member> in_line;
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
        auto& line = member->line(*wish);
        auto pass = line.breaker.ask(ports_.clock.now());
        if (!pass) {
            attempts.add(*member, left_out(line.our_fault));
            continue;
        }
        keep_no_place(attempts, *wish);
        const auto share = share_of(attempts, *member, end);
        const auto begun = ports_.clock.now();
        Provided<Answer> answer = co_await member->call(*std::move(wish), share);
        auto* failure = std::get_if<ProviderFailure>(&answer);
        if (failure == nullptr) {
            pass->succeeded();
            line.our_fault.clear();
            auto& bill = std::get<Answer>(answer).bill;
            bill.cost = sum(bill.cost, attempts.spent);
            co_return answer;
        }
        const bool waits = attempts.must_wait(*failure);
        // Who waits in line has called nobody; and our caller notes an only provider's failures.
        if (members_.size() > 1 && !failure->in_line) note<Request>(*member, *failure, begun);
        // An operation that takes its time says nothing about its provider, nor does our quota.
        if (!waits && !failure->in_line) judge(*member, *failure, *pass, line.our_fault);
        if (failure->in_line && attempts.in_line == nullptr) attempts.in_line = member;
        attempts.add(*member, *failure);
        if (failure->kind == Kind::refused || waits) {
            failure->cost = attempts.spent;
            co_return answer;
        }
    }
    if (attempts.in_line == nullptr) co_return attempts.failure();
    auto waiting =
        co_await wait_in_line<Request, Answer>(attempts.in_line, std::move(attempts.request), end);
    auto& cost = cost_in(waiting);
    cost = sum(cost, attempts.spent);
    co_return waiting;
}

/// Nobody else serves, so that a place is kept at the one whose quota is used up.
template <class Request, class Answer>
Async<Provided<Answer>> SpeechCascade::wait_in_line(std::shared_ptr<Member> member, Request request,
                                                    Time end) {
    Attempts<Request, Answer> again(*this, std::move(request));
    auto wish = again.fitted(*member, again.request);
    CHECK(wish.has_value());
    const auto left = std::max(Duration(0), end - ports_.clock.now());
    co_return co_await member->call(*std::move(wish), left);
}

template <class Tried>
Duration SpeechCascade::share_of(const Tried& attempts, const Member& member, Time end) const {
    const auto left = std::max(Duration(0), end - ports_.clock.now());
    const auto at = std::find_if(attempts.order.begin(), attempts.order.end(),
                                 [&](const auto& other) { return other.get() == &member; });
    Duration later{};
    for (auto next = std::next(at); next != attempts.order.end(); ++next)
        later += (*next)->provider.speech->time_limit(attempts.request);
    return std::max(left - later, later > Duration(0) ? left / 2 : left);
}

Duration SpeechCascade::time_limit(const SynthesisRequest& request) const {
    return sum_of_limits(request);
}

Duration SpeechCascade::time_limit(const RecognitionRequest& request) const {
    return sum_of_limits(request);
}

template <class Request>
Duration SpeechCascade::sum_of_limits(const Request& request) const {
    Duration sum{};
    for (const auto& member : members_) sum += member->provider.speech->time_limit(request);
    return sum;
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
                          CircuitBreaker::Pass& pass, std::string& our_fault) {
    if (failure.kind == Kind::misconfigured) {
        pass.failed_for_good(ports_.clock.now(), ports_.random);
        our_fault = failure.detail;
        log::error(
            "a provider refuses our account and is left out for a while: check its key, rights, "
            "quota, bill and model (mlbilling doctor)",
            {{"provider", member.name}, {"detail", failure.detail}});
        return;
    }
    our_fault.clear();
    // Whether an only provider is up shows each task by itself: nobody else could serve it.
    if (!is_outage(failure.kind) || members_.size() == 1) {
        pass.succeeded();
    } else if (pass.failed(ports_.clock.now(), ports_.random)) {
        log::error("a provider is left out for a while", {{"provider", member.name}});
    }
}

}  // namespace mlbilling
