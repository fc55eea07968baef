#include "adapters/rehearsal_speech/rehearsal_speech.hpp"

namespace mlbilling {
namespace {

ProviderFailure rehearsed_failure() {
    return {ProviderFailure::Kind::down, "told to fail on the chat page"};
}

ProviderFailure rehearsed_timeout() {
    return {ProviderFailure::Kind::busy, "told to hang on the chat page, until the deadline"};
}

}  // namespace

Async<Provided<SpokenVoice>> RehearsalSpeech::synthesize(SynthesisRequest request,
                                                         Duration deadline) {
    if (mode_ == Mode::fail) co_return rehearsed_failure();
    if (mode_ == Mode::silence) co_return SpokenVoice{Sound{}, {name(), {}}};
    if (mode_ == Mode::hang) {
        co_await clock_.sleep(deadline);
        co_return rehearsed_timeout();
    }
    co_return co_await provider_.synthesize(std::move(request), deadline);
}

Async<Provided<Transcript>> RehearsalSpeech::recognize(RecognitionRequest request,
                                                       Duration deadline) {
    if (mode_ == Mode::fail) co_return rehearsed_failure();
    if (mode_ == Mode::silence) co_return Transcript{"", {name(), {}}};
    if (mode_ == Mode::hang) {
        co_await clock_.sleep(deadline);
        co_return rehearsed_timeout();
    }
    co_return co_await provider_.recognize(std::move(request), deadline);
}

}  // namespace mlbilling
