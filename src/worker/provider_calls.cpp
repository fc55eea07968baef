#include "worker/provider_calls.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "ports/deadline.hpp"

namespace mlbilling {
namespace {

using Kind = ProviderFailure::Kind;

/// After an answer that did not come in time there is one more attempt.
constexpr int most_after_a_late_one = 2;
/// Before an operation that goes on at the provider is looked at again: others have the slot
/// meanwhile.
constexpr Duration between_looks{15'000};
/// What an adapter gets beyond its deadline to end by itself, cleanly.
constexpr Duration grace{5'000};

template <class T>
Provided<T> ended(std::optional<Provided<T>> answer) {
    if (answer) return *std::move(answer);
    ProviderFailure failure{Kind::busy, "no answer by the deadline"};
    failure.late = true;
    return failure;
}

FailureReason reason_of(ProviderFailure::Input input) {
    using Input = ProviderFailure::Input;
    switch (input) {
        case Input::too_long: return FailureReason::too_long;
        case Input::too_short: return FailureReason::too_short;
        case Input::too_large: return FailureReason::too_large;
        case Input::unknown: break;
    }
    return FailureReason::provider_refused;
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
        case Kind::refused: return Failed{reason_of(failure.input), std::nullopt};
        case Kind::unsupported: return Failed{FailureReason::unsupported_language, std::nullopt};
        // It would be refused as often as it were repeated: the operator must act.
        case Kind::misconfigured: return Failed{FailureReason::provider_failed, std::nullopt};
        case Kind::busy:
        case Kind::down: break;
    }
    TryAgain again;
    again.pause = failure.retry_after;
    if (failure.goes_on) {
        again.pause = std::max(again.pause, between_looks);
        again.provider_failed = again.counts = false;
    }
    if (failure.in_line) {
        again.in_line = failure.in_line;
        again.provider_failed = again.counts = false;
    }
    if (failure.late) again.most = most_after_a_late_one;
    return again;
}

Async<Provided<SpokenVoice>> ProviderCalls::synthesize(std::shared_ptr<Attempt> attempt,
                                                       SynthesisRequest request) {
    const auto deadline = allowed(*attempt, speech_.time_limit(request));
    const auto begun = clock_.now();
    auto answer = ended(co_await within(clock_, deadline + grace,
                                        speech_.synthesize(std::move(request), deadline)));
    note(*attempt, "synthesize", begun, bill_of(answer, provider()),
         std::get_if<ProviderFailure>(&answer));
    co_return answer;
}

Async<Provided<Transcript>> ProviderCalls::recognize(std::shared_ptr<Attempt> attempt,
                                                     RecognitionRequest request) {
    const auto deadline = allowed(*attempt, speech_.time_limit(request));
    request.place_in_line = attempt->task.id.value();
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
    const bool waits = failure != nullptr && failure->in_line;
    const auto outcome = failure == nullptr ? std::string_view("ok") : to_string(failure->kind);
    // Who only waits in line has called nobody.
    if (!waits) metrics_.provider_called(bill.provider, operation, outcome, took);
    if (bill.cost > MicroRoubles(0)) metrics_.provider_spent(bill.provider, bill.cost);
    if (!waits || bill.cost > MicroRoubles(0)) attempt.spending.provider = bill.provider;
    attempt.spending.cost = MicroRoubles(attempt.spending.cost.value() + bill.cost.value());
    if (failure == nullptr) budget_.on_success();
    log::write(failure != nullptr && !waits ? log::Level::warning : log::Level::info,
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
