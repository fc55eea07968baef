#include <algorithm>

#include "adapters/audio/local_audio_codec.hpp"
#include "adapters/child_process/child_process.hpp"
#include "adapters/prometheus/metrics.hpp"
#include "adapters/yandex/options.hpp"
#include "main/doctor.hpp"
#include "main/run_to_end.hpp"
#include "main/speech_engines.hpp"
#include "main/version.hpp"

namespace mlbilling {
namespace {

constexpr Duration longest_recording{60'000};

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

RecognitionRequest request_to_hear(SharedSound sound, std::string language) {
    RecognitionRequest request;
    request.sound = std::move(sound);
    request.language = std::move(language);
    request.on_operation = [](std::string) -> Async<void> { co_return; };
    return request;
}

/// The sound again and again, for longer than that.
Sound repeated(const SharedSound& sound, Duration length) {
    auto longer = sound.copy();
    const auto once = longer.samples;
    while (!once.empty() && longer.duration() <= length)
        longer.samples.insert(longer.samples.end(), once.begin(), once.end());
    return longer;
}

/// Quotas of a doctor who makes two calls.
class NoQuotas final : public Quotas {
  public:
    Async<Duration> reserve(std::string, QuotaRate, int) override { co_return Duration(0); }
    Async<Duration> take_turn(QuotaTurn) override { co_return Duration(0); }
    Async<void> give_back_turn(std::string, std::string) override { co_return; }
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
    const auto limit = speech->time_limit(request);
    const auto made = co_await speech->synthesize(std::move(request), limit);
    if (const auto* failure = std::get_if<ProviderFailure>(&made))
        broken(name, "nothing was synthesised in " + language + ": " + failure->detail,
               how_to_mend(*speech));
    else
        good(name, "voice " + voice + " speaks " + language);
}

Async<std::string> Doctor::record(Speech* speech, AudioCodec* codec, std::string language) {
    SynthesisRequest request{sentence_in(language), voice_for(*speech, language), 100};
    const auto limit = speech->time_limit(request);
    auto made = co_await speech->synthesize(std::move(request), limit);
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
    auto decoded = co_await codec->decode(std::move(recording), longest_recording);
    auto* audio = std::get_if<DecodedAudio>(&decoded);
    if (audio == nullptr) {
        broken("audio", "an encoded voice could not be decoded",
               "check the installation of libopus");
        co_return;
    }
    good("audio", "Ogg/Opus is written and read");
    auto request = request_to_hear(audio->sound, language);
    request.ogg_opus = std::move(audio->ogg_opus);
    const auto limit = speech->time_limit(request);
    const auto heard = co_await speech->recognize(std::move(request), limit);
    const auto name = speech->name() + " recognition";
    if (const auto* failure = std::get_if<ProviderFailure>(&heard)) {
        broken(name, failure->detail, how_to_mend(*speech));
        co_return;
    }
    good(name, language + ", heard \"" + std::get<Transcript>(heard).text + "\"");
    const auto& yandex = config_.speech.yandex;
    const bool doubtful = speech->name() == "yandex" && yandex &&
                          yandex::may_be_a_users(yandex->credentials) &&
                          yandex->recognition != yandex::RecognitionApi::v1;
    if (doubtful) co_await examine_long_recognition(speech, audio->sound, language);
}

/// Recordings of more than 30 s go another way, which may be closed to a user's token.
Async<void> Doctor::examine_long_recognition(Speech* speech, SharedSound sound,
                                             std::string language) {
    auto request = request_to_hear(repeated(sound, Duration(31'000)), language);
    const auto limit = speech->time_limit(request);
    const auto heard = co_await speech->recognize(std::move(request), limit);
    const auto name = speech->name() + " recognition of more than 30 s";
    const auto* failure = std::get_if<ProviderFailure>(&heard);
    if (failure == nullptr)
        good(name, language);
    else if (failure->kind == ProviderFailure::Kind::misconfigured)
        broken(name, failure->detail,
               "use a service account (YANDEX_API_KEY), or YANDEX_STT_API=v1 to refuse them");
    else
        note(name, "could not be tried: " + failure->detail);
}

}  // namespace mlbilling
