#include "adapters/openai/synthesis.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/openai/failures.hpp"
#include "adapters/openai/voice_table.hpp"
#include "base/log.hpp"
#include "domain/text.hpp"

namespace mlbilling::openai {
namespace {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

/// OpenAI takes 4,096 characters at once.
constexpr std::size_t longest_input = 4'000;
/// Six minutes and more: no voice message of Telegram holds it, so nobody asks for it.
constexpr std::size_t longest_text = 6'000;
constexpr Duration longest_answer{1'200'000};
constexpr int ok = 200;
constexpr double percent = 100;

ProviderFailure unusable(std::string detail) { return {Kind::down, std::move(detail), {}}; }

ProviderFailure too_long() {
    ProviderFailure failure{Kind::refused, "the text is too long", {}};
    failure.input = ProviderFailure::Input::too_long;
    return failure;
}

/// Whether it is Ogg that begins with the header of an Opus stream (RFC 7845, 3).
bool holds_opus(std::string_view bytes) {
    constexpr std::size_t longest_page_header = 282;
    return bytes.starts_with("OggS") &&
           bytes.substr(0, longest_page_header).find("OpusHead") != std::string_view::npos;
}

}  // namespace

MicroRoubles Synthesis::cost_of(const std::string& text) const {
    const auto characters = static_cast<std::int64_t>(count_code_points(text));
    return MicroRoubles(characters * options_.prices.per_character.value());
}

Async<Provided<SpokenVoice>> Synthesis::run(SynthesisRequest request, Duration deadline) {
    if (count_code_points(request.text) > longest_text) co_return too_long();
    std::vector<Audio> parts;
    MicroRoubles spent;
    auto pieces = split_at_sentences(request.text, longest_input);
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        auto& piece = pieces[at];
        // What is said twice is paid for once.
        const auto known = std::find(pieces.begin(), pieces.begin() + std::ptrdiff_t(at), piece);
        if (known != pieces.begin() + std::ptrdiff_t(at)) {
            parts.push_back(parts[static_cast<std::size_t>(known - pieces.begin())]);
            continue;
        }
        const auto cost = spent.value() + cost_of(piece).value();
        auto spoken = co_await speak(piece, request, deadline);
        if (auto* failure = std::get_if<ProviderFailure>(&spoken)) {
            failure->cost = MicroRoubles(failure->cost.value() + spent.value());
            co_return std::move(*failure);
        }
        spent = MicroRoubles(cost);
        parts.push_back(std::move(std::get<Audio>(spoken)));
    }
    auto whole = co_await joined(std::move(parts));
    if (auto* failure = std::get_if<ProviderFailure>(&whole)) {
        failure->cost = spent;
        co_return std::move(*failure);
    }
    co_return SpokenVoice{std::get<Audio>(std::move(whole)), {"openai", spent}};
}

Async<Provided<Synthesis::Audio>> Synthesis::speak(std::string text, SynthesisRequest request,
                                                   Duration deadline) {
    auto cost = cost_of(text);
    auto answer = co_await ask(text, request, deadline);
    if (answer && !wav_ && refuses_format(*answer)) {
        log::warning("the OpenAI-compatible server makes no Opus; asking for WAV", {});
        wav_ = true;
        answer = co_await ask(std::move(text), std::move(request), deadline);
    }
    if (!answer) {
        auto failure = failure_of(answer.error());
        // It may have spoken all the same, and then bills it.
        if (answer.error().kind != HttpFailure::Kind::not_sent) failure.cost = cost;
        co_return failure;
    }
    if (answer->status != ok) co_return server_.failure_of(*answer);
    auto audio = co_await audio_in(std::move(answer->body));
    if (auto* failure = std::get_if<ProviderFailure>(&audio)) failure->cost = cost;
    co_return audio;
}

Async<HttpResult> Synthesis::ask(std::string text, SynthesisRequest request, Duration deadline) {
    const auto& voice = voice_for(options_.voices, request.voice, request.text);
    json::object body{{"model", options_.synthesis_model},
                      {"input", std::move(text)},
                      {"voice", voice.name},
                      {"response_format", wav_ ? "wav" : "opus"}};
    // Some servers know no speed.
    if (request.speed_percent != static_cast<int>(percent))
        body["speed"] = request.speed_percent / percent;
    co_return co_await server_.post_json("/audio/speech", json::serialize(body), deadline);
}

Async<Provided<Synthesis::Audio>> Synthesis::audio_in(std::string bytes) {
    if (bytes.empty()) co_return unusable("the answer is empty");
    if (holds_opus(bytes)) co_return Audio(EncodedVoice{std::move(bytes), Duration(0)});
    // A server may answer in a format of its own choice, Ogg with Vorbis among them.
    auto decoded = co_await codec_.decode(std::move(bytes), longest_answer);
    auto* found = std::get_if<DecodedAudio>(&decoded);
    if (found == nullptr) co_return unusable("the answer is no sound");
    co_return Audio(found->sound.copy());
}

Async<Provided<Synthesis::Audio>> Synthesis::joined(std::vector<Audio> parts) {
    if (parts.size() == 1) co_return std::move(parts.front());
    std::vector<std::string> voices;
    Sound sound;
    for (auto& part : parts) {
        if (auto* voice = std::get_if<EncodedVoice>(&part)) {
            voices.push_back(std::move(voice->ogg_opus));
            continue;
        }
        const auto& next = std::get<Sound>(part);
        sound.sample_rate = next.sample_rate;
        sound.samples.insert(sound.samples.end(), next.samples.begin(), next.samples.end());
    }
    if (voices.empty()) co_return Audio(std::move(sound));
    if (!sound.samples.empty()) co_return unusable("the answers are of two formats");
    auto whole = co_await codec_.join(std::move(voices));
    auto* voice = std::get_if<EncodedVoice>(&whole);
    if (voice == nullptr) co_return unusable("the answers cannot be joined");
    co_return Audio(std::move(*voice));
}

}  // namespace mlbilling::openai
