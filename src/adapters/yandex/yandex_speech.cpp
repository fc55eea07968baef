#include "adapters/yandex/yandex_speech.hpp"

#include <utility>

#include "adapters/yandex/prices.hpp"
#include "adapters/yandex/voice_table.hpp"
#include "base/log.hpp"

namespace mlbilling::yandex {

using Kind = ProviderFailure::Kind;

namespace {

Options with_own_folder(Options options) {
    if (options.folder.empty() || may_be_a_users(options.credentials)) return options;
    log::warning("YANDEX_FOLDER_ID is not sent: a service account works in its own folder", {});
    options.folder.clear();
    return options;
}

ProviderFailure too_long(std::string detail) {
    ProviderFailure failure{Kind::refused, std::move(detail), {}};
    failure.input = ProviderFailure::Input::too_long;
    return failure;
}

}  // namespace

YandexSpeech::YandexSpeech(boost::asio::any_io_executor executor, Ports ports, Options options,
                           HttpOptions http)
    : ports_(ports),
      options_(with_own_folder(std::move(options))),
      http_(std::move(executor), std::move(http)),
      kit_(http_, ports_.clock, ports_.random, options_),
      synthesis_(kit_, ports_.codec, ports_.quotas, ports_.clock, options_),
      short_recognition_(kit_, ports_.quotas, ports_.clock, options_),
      long_recognition_(kit_, ports_.quotas, ports_.clock, options_) {}

std::vector<Voice> YandexSpeech::voices() const {
    std::vector<Voice> voices;
    for (const auto& voice : voice_table())
        if (speaks(voice, options_.synthesis))
            voices.push_back(
                {std::string(voice.id), std::string(voice.title), std::string(voice.language)});
    return voices;
}

std::vector<std::string> YandexSpeech::recognised_languages() const {
    const auto known = yandex::recognised_languages();
    return {known.begin(), known.end()};
}

Async<Provided<SpokenVoice>> YandexSpeech::synthesize(SynthesisRequest request, Duration deadline) {
    const auto until = ports_.clock.now() + deadline;
    co_return co_await synthesis_.synthesize(std::move(request), until);
}

Async<Provided<Transcript>> YandexSpeech::recognize(RecognitionRequest request, Duration deadline) {
    const auto until = ports_.clock.now() + deadline;
    const auto language = recognition_code(request.language);
    if (language.empty())
        co_return ProviderFailure{Kind::unsupported, "SpeechKit does not know the language", {}};
    // Yandex takes money for it.
    if (request.sound.empty()) co_return Transcript{"", {name(), {}}};
    const auto duration = request.sound.duration();
    if (options_.recognition == RecognitionApi::v1 && !is_short(duration))
        co_return too_long("v1 takes no recording of more than 30 s");
    auto operation = request.operation;
    auto on_operation = request.on_operation;
    QuotaPlace place{request.place_in_line, request.keeps_place};
    if (place.holder.empty()) place = {passer_by(ports_.random), false};
    auto file = co_await file_of(std::move(request));
    const bool fits = file.size() <= largest_short_recording && operation.empty();
    if (fits && is_short(duration))
        co_return co_await short_recognition_.recognize(std::move(file), language, duration, until);
    LongRecording recording{
        std::move(file),         language,        duration, std::move(operation),
        std::move(on_operation), std::move(place)};
    co_return co_await long_recognition_.recognize(std::move(recording), until);
}

MicroRoubles YandexSpeech::cost_of(const SynthesisRequest& request) const {
    return synthesis_.cost_of(request);
}

MicroRoubles YandexSpeech::cost_of(const RecognitionRequest& request) const {
    if (!request.operation.empty() || request.sound.empty()) return {};
    const auto& tariff = tariff_at(ports_.clock.now());
    const auto duration = request.sound.duration();
    return is_short(duration) ? cost_of_short_recognition(tariff, duration)
                              : cost_of_long_recognition(tariff, duration);
}

bool YandexSpeech::is_short(Duration recording) const {
    return options_.recognition != RecognitionApi::v3 && recording <= longest_short_recording;
}

Async<std::string> YandexSpeech::file_of(RecognitionRequest request) {
    const bool too_large =
        is_short(request.sound.duration()) && request.ogg_opus.size() > largest_short_recording;
    if (!request.ogg_opus.empty() && !too_large) co_return std::move(request.ogg_opus);
    auto sound = co_await request.sound.samples();
    auto encoded = co_await ports_.codec.encode(std::move(sound));
    co_return std::move(encoded.ogg_opus);
}

}  // namespace mlbilling::yandex
