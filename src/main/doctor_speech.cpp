#include <algorithm>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "main/doctor.hpp"
#include "main/run_to_end.hpp"
#include "main/speech_engines.hpp"
#include "main/version.hpp"

namespace mlbilling {
namespace {

constexpr Duration deadline{60'000};

std::string sentence_in(const std::string& language) {
    return language == "ru" ? "Проверка связи." : "go forward ten meters";
}

std::string voice_for(const Speech& speech, const std::string& language) {
    const auto voices = speech.voices();
    const auto voice = std::ranges::find(voices, language, &Voice::language);
    return voice == voices.end() ? std::string() : voice->id;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

std::string how_to_mend(const Speech& speech) {
    if (speech.is_demonstration()) return "./run installs what is missing";
    return "check the provider's key, its rights and its address";
}

/// Quotas of a doctor who makes two calls.
class NoQuotas final : public Quotas {
  public:
    Async<Duration> reserve(std::string, QuotaRate, int) override { co_return Duration(0); }
};

}  // namespace

void Doctor::examine_speech() {
    child_process::ChildProcesses children(config_.child_processes);
    audio::LocalAudioCodec codec(children, {});
    NoQuotas no_quotas;
    Quotas& quotas = store_ ? static_cast<Quotas&>(*store_) : no_quotas;
    prometheus_text::PrometheusMetrics metrics(version, config_.speech.providers.front());
    const SpeechEngines engines(config_.speech, {loop_.get_executor(), clock_, random_, children,
                                                 codec, quotas, metrics, config_.outgoing});
    for (const auto& provider : engines.providers())
        run_to_end(loop_, examine_provider(provider.get(), &codec));
}

Async<void> Doctor::examine_provider(Speech* speech, AudioCodec* codec) {
    for (const std::string language : {"ru", "en"}) co_await examine_voice(speech, language);
    co_await examine_recognition(speech, codec);
    if (speech->is_demonstration())
        note("recognition",
             "the built-in engine is for demonstration and understands English only; Russian "
             "recognition needs a speech provider");
}

Async<void> Doctor::examine_voice(Speech* speech, std::string language) {
    const auto name = speech->name() + " speech";
    SynthesisRequest request{sentence_in(language), voice_for(*speech, language), 100};
    const auto voice = request.voice;
    const auto made = co_await speech->synthesize(std::move(request), deadline);
    if (const auto* failure = std::get_if<ProviderFailure>(&made))
        broken(name, "nothing was synthesised in " + language + ": " + failure->detail,
               how_to_mend(*speech));
    else
        good(name, "voice " + voice + " speaks " + language);
}

Async<std::string> Doctor::record(Speech* speech, AudioCodec* codec, std::string language) {
    SynthesisRequest request{sentence_in(language), voice_for(*speech, language), 100};
    auto made = co_await speech->synthesize(std::move(request), deadline);
    auto* spoken = std::get_if<SpokenVoice>(&made);
    if (spoken == nullptr) co_return std::string();
    if (auto* encoded = std::get_if<EncodedVoice>(&spoken->audio))
        co_return std::move(encoded->ogg_opus);
    auto encoded = co_await codec->encode(std::get<Sound>(std::move(spoken->audio)));
    co_return std::move(encoded.ogg_opus);
}

Async<void> Doctor::examine_recognition(Speech* speech, AudioCodec* codec) {
    const std::string language = has(speech->recognised_languages(), "ru") ? "ru" : "en";
    auto recording = co_await record(speech, codec, language);
    if (recording.empty()) co_return;
    auto decoded = co_await codec->decode(std::move(recording), deadline);
    auto* audio = std::get_if<DecodedAudio>(&decoded);
    if (audio == nullptr) {
        broken("audio", "an encoded voice could not be decoded",
               "check the installation of libopus");
        co_return;
    }
    good("audio", "Ogg/Opus is written and read");
    RecognitionRequest request;
    request.sound = std::move(audio->sound);
    request.ogg_opus = std::move(audio->ogg_opus);
    request.language = language;
    request.on_operation = [](std::string) -> Async<void> { co_return; };
    const auto heard = co_await speech->recognize(std::move(request), deadline);
    const auto name = speech->name() + " recognition";
    if (const auto* failure = std::get_if<ProviderFailure>(&heard))
        broken(name, failure->detail, how_to_mend(*speech));
    else
        good(name, language + ", heard \"" + std::get<Transcript>(heard).text + "\"");
}

}  // namespace mlbilling
