#include "adapters/yandex/synthesis.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <deque>
#include <limits>
#include <set>
#include <utility>

#include "adapters/yandex/base64.hpp"
#include "adapters/yandex/failures.hpp"
#include "adapters/yandex/json_stream.hpp"
#include "adapters/yandex/markup.hpp"
#include "base/log.hpp"
#include "domain/text.hpp"
#include "ports/all.hpp"

namespace mlbilling::yandex {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

namespace {

/// Of one request in unsafe mode and of v1, in characters
/// (https://yandex.cloud/docs/speechkit/concepts/limits).
constexpr std::size_t longest_long_request = 4'500;
/// What Yandex finds too long is cut no further than this.
constexpr std::size_t shortest_piece = 20;
/// Of the body of v1, whose limit is 15 KB.
constexpr std::size_t largest_v1_text = 14'000;
/// Of a whole text, in characters: what SpeechKit itself takes at most, some five minutes of
/// speech.
constexpr std::size_t longest_text = 5'000;
/// Pieces of one text that are spoken at the same time.
constexpr std::size_t lanes = 4;
/// 250 characters are less than a minute, in base64 less than this by far.
constexpr std::size_t largest_answer = std::size_t{16} << 20;

void add(MicroRoubles& sum, MicroRoubles more) { sum = MicroRoubles(sum.value() + more.value()); }

HttpPart field(std::string name, std::string value) {
    HttpPart part;
    part.name = std::move(name);
    part.bytes = std::move(value);
    return part;
}

/// 120 is "1.2".
std::string decimal(int percent) {
    auto text = std::to_string(percent / 100) + '.';
    if (percent % 100 < 10) text += '0';
    return text + std::to_string(percent % 100);
}

ProviderFailure too_long() {
    ProviderFailure failure{Kind::refused, "the text is too long", {}};
    failure.input = ProviderFailure::Input::too_long;
    return failure;
}

/// Its messages may change, so this looks for no more than a word.
bool finds_too_long(const ProviderFailure& failure) {
    if (failure.kind != Kind::refused) return false;
    constexpr std::array<std::string_view, 6> words{"long",   "length",   "limit",
                                                    "exceed", "duration", "size"};
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return failure.detail.find(word) != std::string::npos;
    });
}

/// In the middle; or the piece itself where it is short.
std::vector<std::string> halves_of(const std::string& piece) {
    const auto length = count_utf16_units(piece);
    return split_at_sentences(piece, std::max(shortest_piece, (length + 1) / 2));
}

}  // namespace

std::variant<std::string, ProviderFailure> audio_in_stream(std::string_view body) {
    JsonStream stream(body);
    std::string audio;
    while (const auto message = stream.next()) {
        if (auto failure = failure_in(*message)) return *std::move(failure);
        const auto* result = object_in(*message, "result");
        const auto* chunk = result == nullptr ? nullptr : object_in(*result, "audioChunk");
        if (chunk == nullptr) continue;
        const auto bytes = from_base64(text_in(*chunk, "data"));
        if (!bytes) return ProviderFailure{Kind::down, "a chunk of audio is no base64", {}};
        audio += *bytes;
    }
    if (!stream.intact()) return ProviderFailure{Kind::down, "the stream of audio broke off", {}};
    if (audio.empty()) return ProviderFailure{Kind::down, "an answer without audio", {}};
    return audio;
}

std::string synthesis_body(std::string_view text, const ChosenVoice& voice, int speed_percent,
                           bool unsafe_mode) {
    // Each hint is an object of its own: two in one are refused.
    json::array hints{json::object{{"voice", voice.voice->id}}};
    if (!voice.role.empty()) hints.push_back(json::object{{"role", voice.role}});
    if (speed_percent != 100) hints.push_back(json::object{{"speed", speed_percent / 100.0}});
    json::object body{
        {"text", text},
        {"hints", std::move(hints)},
        {"outputAudioSpec",
         json::object{{"containerAudio", json::object{{"containerAudioType", "OGG_OPUS"}}}}},
        {"loudnessNormalizationType", "LUFS"}};
    if (unsafe_mode) body["unsafeMode"] = true;
    return json::serialize(body);
}

std::vector<HttpPart> synthesis_parts(std::string_view text, const ChosenVoice& voice,
                                      int speed_percent, const std::string& folder) {
    std::vector<HttpPart> parts{
        field("text", std::string(text)), field("lang", std::string(voice.voice->code)),
        field("voice", std::string(voice.voice->id)), field("format", "oggopus")};
    if (!voice.role.empty()) parts.push_back(field("emotion", voice.role));
    if (speed_percent != 100) parts.push_back(field("speed", decimal(speed_percent)));
    if (!folder.empty()) parts.push_back(field("folderId", folder));
    return parts;
}

Async<Provided<SpokenVoice>> Synthesis::synthesize(SynthesisRequest request, Time deadline) {
    if (count_code_points(request.text) > longest_text) co_return too_long();
    const auto job = std::make_shared<Job>();
    job->voice = voice_for(request.voice, request.text, options_.synthesis);
    job->speed_percent = request.speed_percent;
    job->deadline = deadline;
    const auto text = speakable(request.text, job->voice.voice->language);
    for (auto& piece : cut(text, request.speed_percent)) {
        // What is said twice is paid for once.
        const auto known = std::find(job->pieces.begin(), job->pieces.end(), piece);
        job->order.push_back(static_cast<std::size_t>(known - job->pieces.begin()));
        if (known == job->pieces.end()) job->pieces.push_back(std::move(piece));
    }
    if (job->pieces.empty())
        co_return ProviderFailure{Kind::refused, "there is nothing to say in the text", {}};
    job->voices.resize(job->pieces.size());
    std::vector<Async<void>> speaking;
    for (std::size_t i = 0; i < std::min(lanes, job->pieces.size()); ++i)
        speaking.push_back(speak_pieces(job));
    co_await all(std::move(speaking));
    if (job->failure) {
        job->failure->cost = job->cost;
        co_return *std::move(job->failure);
    }
    co_return co_await joined(job);
}

Async<Provided<SpokenVoice>> Synthesis::joined(std::shared_ptr<Job> job) {
    const SpeechBill bill{"yandex", job->cost};
    std::vector<std::string> voices;
    for (const auto at : job->order)
        voices.insert(voices.end(), job->voices[at].begin(), job->voices[at].end());
    if (voices.size() == 1)
        co_return SpokenVoice{EncodedVoice{std::move(voices.front()), {}}, bill};
    auto whole = co_await codec_.join(std::move(voices));
    if (auto* voice = std::get_if<EncodedVoice>(&whole))
        co_return SpokenVoice{std::move(*voice), bill};
    co_return ProviderFailure{Kind::down, "a piece of the voice is damaged", job->cost};
}

std::vector<std::string> Synthesis::cut(const std::string& text, int speed_percent) const {
    constexpr auto any_size = std::numeric_limits<std::size_t>::max() / 2;
    if (options_.synthesis == SynthesisApi::v1)
        return pieces_of(text, longest_long_request, largest_v1_text);
    if (options_.unsafe_mode) return pieces_of(text, longest_long_request, any_size);
    return pieces_of(text, RequestLimits{}, speed_percent);
}

Async<void> Synthesis::speak_pieces(std::shared_ptr<Job> job) {
    while (job->next < job->pieces.size() && !job->failure) co_await speak_piece(job, job->next++);
}

Async<void> Synthesis::speak_piece(std::shared_ptr<Job> job, std::size_t at) {
    std::deque<std::string> waiting{job->pieces[at]};
    while (!waiting.empty() && !job->failure) {
        auto piece = std::move(waiting.front());
        waiting.pop_front();
        auto spoken = co_await speak(job, piece);
        if (auto* voice = std::get_if<std::string>(&spoken)) {
            job->voices[at].push_back(std::move(*voice));
            continue;
        }
        auto& failure = std::get<ProviderFailure>(spoken);
        const auto halves = halves_of(piece);
        if (!finds_too_long(failure) || halves.size() < 2) {
            if (!job->failure) job->failure = std::move(failure);
            co_return;
        }
        log::info("a piece of text is cut again", {{"detail", failure.detail}});
        waiting.insert(waiting.begin(), halves.begin(), halves.end());
    }
}

Async<std::variant<std::string, ProviderFailure>> Synthesis::speak(std::shared_ptr<Job> job,
                                                                   std::string piece) {
    const auto wait = co_await gate_.pass(job->deadline);
    if (wait > Duration(0)) co_return out_of_quota("syntheses", wait);
    auto answer = co_await kit_.call(call_for(*job, piece), job->deadline);
    auto* failed = std::get_if<KitFailure>(&answer);
    if (failed == nullptr || failed->may_be_billed) add(job->cost, cost_of_piece(piece));
    if (failed != nullptr) co_return std::move(failed->failure);
    auto& body = std::get<HttpAnswer>(answer).body;
    if (options_.synthesis == SynthesisApi::v3) co_return audio_in_stream(body);
    if (body.empty()) co_return ProviderFailure{Kind::down, "an answer without audio", {}};
    co_return std::move(body);
}

KitCall Synthesis::call_for(const Job& job, const std::string& piece) const {
    KitCall call;
    call.largest_answer = largest_answer;
    if (options_.synthesis == SynthesisApi::v1) {
        call.url = options_.synthesis_url + "/speech/v1/tts:synthesize";
        call.parts = synthesis_parts(piece, job.voice, job.speed_percent, options_.folder);
        return call;
    }
    call.url = options_.synthesis_url + "/tts/v3/utteranceSynthesis";
    call.content_type = "application/json";
    call.body = synthesis_body(piece, job.voice, job.speed_percent, options_.unsafe_mode);
    return call;
}

MicroRoubles Synthesis::cost_of(const SynthesisRequest& request) const {
    const auto voice = voice_for(request.voice, request.text, options_.synthesis);
    const auto pieces = cut(speakable(request.text, voice.voice->language), request.speed_percent);
    MicroRoubles sum;
    for (const auto& piece : std::set<std::string>(pieces.begin(), pieces.end()))
        add(sum, cost_of_piece(piece));
    return sum;
}

MicroRoubles Synthesis::cost_of_piece(const std::string& piece) const {
    const auto& tariff = tariff_at(clock_.now());
    const auto characters = static_cast<std::int64_t>(count_code_points(piece));
    if (options_.synthesis == SynthesisApi::v1) return cost_of_synthesis_v1(tariff, characters);
    return cost_of_synthesis_v3(tariff, characters, options_.unsafe_mode);
}

}  // namespace mlbilling::yandex
