#include "main/speech_engines.hpp"

#include "adapters/local_speech/local_speech.hpp"
#include "adapters/openai/openai_speech.hpp"
#include "adapters/yandex/yandex_speech.hpp"
#include "base/check.hpp"

namespace mlbilling {
namespace {

std::unique_ptr<Speech> make(const std::string& name, const SpeechConfig& config,
                             const SpeechEngines::Outside& outside) {
    if (name == "local")
        return std::make_unique<local_speech::LocalSpeech>(outside.children,
                                                           local_speech::LocalSpeech::Options{});
    if (name == "yandex")
        return std::make_unique<yandex::YandexSpeech>(
            outside.loop,
            yandex::YandexSpeech::Ports{outside.clock, outside.random, outside.codec,
                                        outside.quotas},
            config.yandex.value(), outside.http);
    CHECK(name == "openai");
    auto options = config.openai.value();
    options.http = outside.http;
    return std::make_unique<openai::OpenAiSpeech>(outside.loop, outside.codec, outside.clock,
                                                  std::move(options));
}

}  // namespace

SpeechEngines::SpeechEngines(const SpeechConfig& config, Outside outside) {
    for (const auto& name : config.providers) providers_.push_back(make(name, config, outside));
    CHECK(!providers_.empty());
}

SpeechEngines::~SpeechEngines() = default;

Speech& SpeechEngines::speech() { return *providers_.front(); }

}  // namespace mlbilling
