#include "adapters/local_speech/local_speech.hpp"

#include <functional>
#include <utility>

#include "adapters/local_speech/voice_table.hpp"
#include "domain/text.hpp"

namespace mlbilling::local_speech {

using work_threads::Stop;

LocalSpeech::LocalSpeech(child_process::ChildProcesses& children, Options options)
    : children_(children), options_(std::move(options)), recogniser_(options_.model_directory) {}

std::vector<Voice> LocalSpeech::voices() const {
    std::vector<Voice> voices;
    for (const auto& voice : voice_table()) {
        voices.push_back({.id = std::string(voice.id),
                          .title = std::string(voice.title),
                          .language = std::string(voice.language)});
    }
    return voices;
}

Async<Provided<SpokenVoice>> LocalSpeech::synthesize(SynthesisRequest request, Duration deadline) {
    if (is_too_long(count_code_points(request.text), request.speed_percent)) {
        co_return ProviderFailure{ProviderFailure::Kind::refused, "the text is too long"};
    }
    const LocalVoice voice = voice_for(request.voice, request.text);
    auto command =
        synthesis_command(options_.programs, voice, request.text, request.speed_percent, deadline);
    const auto result = co_await children_.run(std::move(command));
    auto spoken = read_synthesis(result, voice.engine);
    if (auto* failure = std::get_if<ProviderFailure>(&spoken)) co_return std::move(*failure);
    co_return SpokenVoice{std::get<Sound>(std::move(spoken)), {name(), {}}};
}

Async<Provided<Transcript>> LocalSpeech::recognize(RecognitionRequest request, Duration deadline) {
    using Kind = ProviderFailure::Kind;
    if (request.language != "en") {
        co_return ProviderFailure{Kind::unsupported,
                                  "the demonstration engine recognises English only"};
    }
    auto samples = co_await request.sound.samples();
    std::function<Provided<Transcript>(const Stop&)> work =
        [this, sound = std::move(samples)](const Stop& stop) {
            return recogniser_.recognize(sound, stop);
        };
    auto transcript = co_await thread_.run(std::move(work), deadline);
    if (!transcript) {
        co_return ProviderFailure{Kind::busy, "PocketSphinx was not done in time"};
    }
    if (auto* heard = std::get_if<Transcript>(&*transcript)) heard->bill.provider = name();
    co_return std::move(*transcript);
}

}  // namespace mlbilling::local_speech
