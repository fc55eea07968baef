#include "worker/provider_calls.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/text.hpp"
#include "ports/deadline.hpp"

namespace mlbilling {
namespace {

using Kind = ProviderFailure::Kind;

constexpr Duration shortest_synthesis{30'000};
constexpr Duration synthesis_per_code_point{100};
constexpr Duration shortest_recognition{60'000};
/// Before an operation that goes on at the provider is looked at again: others have the slot
/// meanwhile.
constexpr Duration between_looks{15'000};
/// What an adapter gets beyond its deadline to end by itself, cleanly.
constexpr Duration grace{5'000};

template <class T>
Provided<T> ended(std::optional<Provided<T>> answer) {
    if (answer) return *std::move(answer);
    return ProviderFailure{Kind::busy, "no answer by the deadline"};
}

template <class T>
SpeechBill bill_of(const Provided<T>& answer, std::string called) {
    if (const auto* failure = std::get_if<ProviderFailure>(&answer))
        return {std::move(called), failure->cost};
    return std::get<T>(answer).bill;
}

}  // namespace

Verdict verdict_of(const ProviderFailure& failure) {
    switch (failure.kind) {
        case Kind::refused: return Failed{FailureReason::provider_refused, std::nullopt};
        case Kind::unsupported: return Failed{FailureReason::unsupported_language, std::nullopt};
        case Kind::busy:
        case Kind::down:
        case Kind::misconfigured: break;
    }
    TryAgain again;
    again.pause = failure.retry_after;
    if (failure.goes_on) {
        again.pause = std::max(again.pause, between_looks);
        again.provider_failed = again.counts = false;
    }
    return again;
}

Async<Provided<SpokenVoice>> ProviderCalls::synthesize(std::shared_ptr<Attempt> attempt,
                                                       SynthesisRequest request) {
    const auto code_points = static_cast<std::int64_t>(count_code_points(request.text));
    const auto deadline =
        allowed(*attempt, std::max(shortest_synthesis, code_points * synthesis_per_code_point));
    const auto begun = clock_.now();
    auto answer = ended(co_await within(clock_, deadline + grace,
                                        speech_.synthesize(std::move(request), deadline)));
    note(*attempt, "synthesize", begun, bill_of(answer, provider()),
         std::get_if<ProviderFailure>(&answer));
    co_return answer;
}

Async<Provided<Transcript>> ProviderCalls::recognize(std::shared_ptr<Attempt> attempt,
                                                     RecognitionRequest request) {
    const auto deadline =
        allowed(*attempt, std::max(shortest_recognition, request.sound.duration() * 5 / 2));
    const auto begun = clock_.now();
    auto answer = ended(
        co_await within(clock_, deadline + grace, speech_.recognize(std::move(request), deadline)));
    note(*attempt, "recognize", begun, bill_of(answer, provider()),
         std::get_if<ProviderFailure>(&answer));
    co_return answer;
}

Duration ProviderCalls::allowed(const Attempt& attempt, Duration wanted) const {
    const auto left = attempt.task.deadline_at - clock_.now();
    return std::clamp(left, Duration(0), wanted);
}

void ProviderCalls::note(Attempt& attempt, const char* operation, Time begun,
                         const SpeechBill& bill, const ProviderFailure* failure) {
    const auto took = clock_.now() - begun;
    const auto outcome = failure == nullptr ? std::string_view("ok") : to_string(failure->kind);
    metrics_.provider_called(bill.provider, operation, outcome, took);
    if (bill.cost > MicroRoubles(0)) metrics_.provider_spent(bill.provider, bill.cost);
    attempt.spending.provider = bill.provider;
    attempt.spending.cost = MicroRoubles(attempt.spending.cost.value() + bill.cost.value());
    if (failure == nullptr) budget_.on_success();
    const bool operator_must_act = failure != nullptr && failure->kind == Kind::misconfigured;
    log::write(operator_must_act    ? log::Level::error
               : failure != nullptr ? log::Level::warning
                                    : log::Level::info,
               "provider called",
               {{"task", attempt.task.id},
                {"provider", bill.provider},
                {"operation", operation},
                {"outcome", outcome},
                {"ms", took.count()},
                {"micro_roubles", bill.cost.value()},
                {"detail", failure == nullptr ? std::string() : failure->detail}});
}

}  // namespace mlbilling
