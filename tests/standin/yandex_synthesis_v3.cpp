#include <boost/json.hpp>

#include "domain/text.hpp"
#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/markup.hpp"
#include "standin/strict_json.hpp"
#include "standin/voices.hpp"
#include "standin/yandex_messages.hpp"
#include "standin/yandex_synthesis.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_utterance = 250;
constexpr std::size_t longest_text = 5'000;
constexpr Duration longest_speech{24'000};
constexpr std::size_t most_answers = 2'048;
constexpr std::size_t largest_kept_answer = 100'000;

HttpResponse refused(std::string_view message) {
    return failure(Endpoint::synthesis_v3, Trouble::invalid_argument, message);
}

enum class Format { wav, ogg_opus, pcm, mp3 };

struct Wish {
    std::string voice = "marina";
    std::string role;
    double speed = 1.0;
    Format format = Format::wav;
    int sample_rate = 22'050;
    /// Why it cannot be fulfilled.
    std::string problem;
};

void read_number(Wish& wish, const json::value& value, std::string_view name, double least,
                 double most) {
    const auto number = number_of(value);
    if (!number || *number < least || *number > most)
        wish.problem = std::string(name) + " is out of range";
    else if (name == "speed")
        wish.speed = *number;
}

void read_hints(Wish& wish, const json::object& request) {
    const auto* hints = field_of(request, "hints");
    if (hints == nullptr) return;
    const bool peak = text_of(request, "loudnessNormalizationType") == "MAX_PEAK";
    for (const auto& hint : hints->get_array()) {
        for (const auto& member : hint.get_object()) {
            if (member.value().is_null()) continue;
            const std::string_view name = member.key();
            if (name == "voice") wish.voice = text_of(hint.get_object(), name);
            if (name == "role") wish.role = text_of(hint.get_object(), name);
            if (name == "speed") read_number(wish, member.value(), name, 0.1, 3.0);
            if (name == "volume")
                read_number(wish, member.value(), name, peak ? 1e-6 : -145, peak ? 1 : -1e-6);
            if (name == "pitchShift" || name == "pitch_shift")
                read_number(wish, member.value(), name, -1'000, 1'000);
            if (name == "audioTemplate" || name == "audio_template" || name == "duration")
                wish.problem = "the stand-in does not know the hint " + std::string(name);
        }
    }
}

void read_format(Wish& wish, const json::object& request) {
    const auto* spec = object_at(request, "outputAudioSpec");
    if (spec == nullptr) return;
    if (const auto* raw = object_at(*spec, "rawAudio")) {
        const auto* rate = field_of(*raw, "sampleRateHertz");
        wish.format = Format::pcm;
        wish.sample_rate = rate == nullptr ? 22'050 : static_cast<int>(*number_of(*rate));
        if (wish.sample_rate < 8'000 || wish.sample_rate > 48'000)
            wish.problem = "sample_rate_hertz must be between 8000 and 48000";
        return;
    }
    const auto* container = object_at(*spec, "containerAudio");
    const auto type = container == nullptr ? "" : text_of(*container, "containerAudioType");
    if (type == "OGG_OPUS") wish.format = Format::ogg_opus;
    if (type == "MP3") wish.format = Format::mp3;
}

Wish read_wish(const json::object& request) {
    Wish wish;
    read_hints(wish, request);
    read_format(wish, request);
    const auto* voice = yandex_voice(wish.voice);
    if (voice == nullptr)
        wish.problem = "Unsupported voice is requested: " + wish.voice;
    else if (!wish.role.empty() && !has_role(*voice, wish.role))
        wish.problem = "Unsupported role is requested: " + wish.role;
    return wish;
}

/// The text in utterances of at most 250 characters, as unsafe mode cuts it.
std::vector<std::string> utterances_of(const std::string& text) {
    if (count_code_points(text) <= longest_utterance) return {text};
    return split_at_sentences(text, longest_utterance);
}

}  // namespace

struct YandexSynthesis::Speech {
    std::vector<Tone> pieces;
    Format format = Format::wav;
    int sample_rate = 0;

    std::string key(const Settings& settings) const {
        auto key = std::to_string(static_cast<int>(format)) + "/" + std::to_string(sample_rate) +
                   "/" + std::to_string(settings.chunk_bytes);
        for (const auto& piece : pieces)
            key += "/" + std::to_string(piece.length.count()) + "." +
                   std::to_string(piece.silent ? -1 : piece.pitch);
        return key;
    }
};

HttpResponse YandexSynthesis::v3(Call& call) {
    const auto request = parse_strictly(call.request.body);
    if (!request) return refused(request.error().message);
    const auto problem = problem_with(synthesis_request(), *request);
    if (problem) return refused(problem->message);
    if (object_at(*request, "textTemplate") != nullptr)
        return failure(call.endpoint, Trouble::unimplemented, "the stand-in has no templates");
    const auto text = text_of(*request, "text");
    const auto characters = count_code_points(text);
    const bool unsafe = is_true(*request, "unsafeMode");
    if (text.empty()) return refused("text is empty");
    if (characters > longest_text) return refused("text is too long: at most 5000 characters");
    if (characters > longest_utterance && !unsafe)
        return refused("text is too long: at most 250 characters without unsafe_mode");
    const auto wish = read_wish(*request);
    if (!wish.problem.empty()) return refused(wish.problem);
    if (wish.format == Format::mp3)
        return failure(call.endpoint, Trouble::unimplemented, "the stand-in makes no MP3");

    Speech speech{.pieces = {}, .format = wish.format, .sample_rate = wish.sample_rate};
    const bool in_pieces = settings_.chained_pieces || wish.format == Format::pcm;
    for (const auto& utterance : in_pieces ? utterances_of(text) : std::vector{text}) {
        const auto marked = read_markup(utterance);
        if (!marked) return refused("malformed pause in the text");
        auto tone = tone_of(utterance, marked->spoken_characters, wish.speed);
        tone.length += marked->pauses;
        tone.silent = call.silent;
        if (tone.length > longest_speech && !unsafe)
            return refused("the utterance is longer than 24 seconds");
        speech.pieces.push_back(tone);
    }
    call.paid = true;
    call.fingerprint = hex(hash_of(text));
    call.summary = shortened(text, 60);
    return stream(speech);
}

std::string YandexSynthesis::audio_of(const Speech& speech, const Tone& tone) {
    switch (speech.format) {
        case Format::ogg_opus: return tones_.ogg_opus(tone);
        case Format::pcm: return Tones::pcm(tone, speech.sample_rate);
        default: return Tones::wav(tone, speech.sample_rate);
    }
}

HttpResponse YandexSynthesis::stream(const Speech& speech) {
    auto key = speech.key(settings_);
    const auto found = answers_.find(key);
    if (found != answers_.end()) return json_answer(found->second);
    std::string body;
    Duration begin{};
    for (const auto& piece : speech.pieces) {
        const auto audio = audio_of(speech, piece);
        for (std::size_t at = 0; at < audio.size(); at += settings_.chunk_bytes) {
            const auto chunk = std::string_view(audio).substr(at, settings_.chunk_bytes);
            // As a gateway writes it: defaults are there, 64-bit numbers are strings.
            body += R"({"result":{"audioChunk":{"data":")" + base64(chunk) +
                    R"("},"textChunk":null,"startMs":")" + std::to_string(begin.count()) +
                    R"(","lengthMs":")" + std::to_string(piece.length.count()) + "\"}}\n";
        }
        begin += piece.length;
    }
    if (body.size() > largest_kept_answer) return json_answer(std::move(body));
    if (answers_.size() >= most_answers) answers_.clear();
    return json_answer(answers_.emplace(std::move(key), std::move(body)).first->second);
}

}  // namespace mlbilling::standin
