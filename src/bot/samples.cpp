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
        SynthesisRequest request{sample_phrase(voice.language), voice.id, 100};
        auto spoken = co_await speech_.synthesize(std::move(request), deadline);
        if (const auto* failure = std::get_if<ProviderFailure>(&spoken)) {
            log::warning("no sample of a voice", {{"voice", voice.id}, {"error", failure->detail}});
            co_return std::nullopt;
        }
        auto encoded = co_await codec_.encode(std::get<Sound>(std::move(spoken)));
        co_return Sample{"", std::move(encoded.ogg_opus), encoded.duration};
    } catch (const Unavailable& error) {
        // Free and at once or not at all: nobody waits for a sample until the encoder is back.
        log::warning("no sample of a voice", {{"voice", voice.id}, {"error", error.what()}});
        co_return std::nullopt;
    }
}

void Samples::remember(const std::string& voice, std::string file_id) {
    if (!file_id.empty()) file_ids_[voice] = std::move(file_id);
}

}  // namespace mlbilling::bot
