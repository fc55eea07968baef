#include "main/speech_engines.hpp"

#include "adapters/local_speech/local_speech.hpp"
#include "adapters/openai/openai_speech.hpp"
#include "adapters/yandex/yandex_speech.hpp"
#include "base/check.hpp"

namespace mlbilling {
namespace {

/// A provider whose calls cost money.
template <class Provider>
CascadeMember priced(Provider* provider) {
    return {provider,
            [provider](const SynthesisRequest& request) { return provider->cost_of(request); },
            [provider](const RecognitionRequest& request) { return provider->cost_of(request); }};
}

}  // namespace

SpeechEngines::SpeechEngines(const SpeechConfig& config, const Outside& outside) {
    for (const auto& name : config.providers) add(name, config, outside);
    CHECK(!providers_.empty());
    cascade_ = std::make_unique<SpeechCascade>(
        SpeechCascade::Ports{outside.clock, outside.random, outside.metrics}, members_,
        CircuitBreaker::Options{});
}

SpeechEngines::~SpeechEngines() = default;

Speech& SpeechEngines::speech() { return *cascade_; }

void SpeechEngines::add(const std::string& name, const SpeechConfig& config,
                        const Outside& outside) {
    if (name == "local") {
        providers_.push_back(std::make_unique<local_speech::LocalSpeech>(
            outside.children, local_speech::LocalSpeech::Options{}));
        members_.push_back({providers_.back().get(), {}, {}});
    } else if (name == "yandex") {
        auto provider = std::make_unique<yandex::YandexSpeech>(
            outside.loop,
            yandex::YandexSpeech::Ports{outside.clock, outside.random, outside.codec,
                                        outside.quotas},
            config.yandex.value(), outside.http);
        members_.push_back(priced(provider.get()));
        providers_.push_back(std::move(provider));
    } else {
        CHECK(name == "openai");
        auto options = config.openai.value();
        options.http = outside.http;
        auto provider = std::make_unique<openai::OpenAiSpeech>(outside.loop, outside.codec,
                                                               outside.clock, std::move(options));
        members_.push_back(priced(provider.get()));
        providers_.push_back(std::move(provider));
    }
}

}  // namespace mlbilling
