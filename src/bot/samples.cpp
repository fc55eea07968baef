#include "bot/samples.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/unavailable.hpp"
#include "texts/languages.hpp"

namespace mlbilling::bot {
namespace {

constexpr Duration deadline{20'000};

}  // namespace

Async<std::optional<Sample>> Samples::sample(Voice voice) {
    if (const auto known = file_ids_.find(voice.id); known != file_ids_.end())
        co_return Sample{known->second, "", Duration(0)};
    try {
        co_return co_await speak(voice);
    } catch (const Unavailable& error) {
        // Free and at once or not at all: nobody waits for a sample until the encoder is back.
        log::warning("no sample of a voice", {{"voice", voice.id}, {"error", error.what()}});
        co_return std::nullopt;
    }
}

Async<std::optional<Sample>> Samples::speak(Voice voice) {
    SynthesisRequest request{sample_phrase(voice.language), voice.id, 100};
    auto answer = co_await speech_.synthesize(std::move(request), deadline);
    if (const auto* failure = std::get_if<ProviderFailure>(&answer)) {
        log::warning("no sample of a voice", {{"voice", voice.id}, {"error", failure->detail}});
        co_return std::nullopt;
    }
    auto& audio = std::get<SpokenVoice>(answer).audio;
    if (auto* sound = std::get_if<Sound>(&audio)) {
        auto encoded = co_await codec_.encode(std::move(*sound));
        co_return Sample{"", std::move(encoded.ogg_opus), encoded.duration};
    }
    auto inspected = co_await codec_.inspect(std::move(std::get<EncodedVoice>(audio).ogg_opus));
    auto* found = std::get_if<InspectedVoice>(&inspected);
    if (found == nullptr || found->silent) {
        log::warning("no sample of a voice", {{"voice", voice.id}, {"error", "it is unusable"}});
        co_return std::nullopt;
    }
    co_return Sample{"", std::move(found->voice.ogg_opus), found->voice.duration};
}

void Samples::remember(const std::string& voice, std::string file_id) {
    if (!file_id.empty()) file_ids_[voice] = std::move(file_id);
}

}  // namespace mlbilling::bot
