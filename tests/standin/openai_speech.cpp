#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "domain/text.hpp"
#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/message_schema.hpp"
#include "standin/openai.hpp"
#include "standin/strict_json.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_input = 4'096;
constexpr std::array<std::string_view, 3> models_of_speech{"tts-1", "tts-1-hd", "gpt-4o-mini-tts"};
constexpr std::array<std::string_view, 13> voices{"alloy", "ash",     "ballad", "cedar", "coral",
                                                  "echo",  "fable",   "marin",  "nova",  "onyx",
                                                  "sage",  "shimmer", "verse"};
constexpr int sample_rate = 24'000;

template <class Values>
bool is_among(const Values& values, std::string_view value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

HttpResponse refused(std::string_view message, std::string_view param) {
    return openai_failure(400, message, "invalid_request_error", param, "");
}

/// What the server has against the request.
std::optional<HttpResponse> refusal_of(const json::object& request) {
    constexpr std::array<std::string_view, 7> known{
        "model", "input", "voice", "response_format", "speed", "instructions", "stream_format"};
    for (const auto& member : request)
        if (!is_among(known, member.key()))
            return refused("Unrecognized request argument supplied: " + std::string(member.key()),
                           "");
    for (const std::string_view name : {"model", "input", "voice"})
        if (text_of(request, name).empty())
            return refused("Missing required parameter: '" + std::string(name) + "'.", name);
    const auto model = text_of(request, "model");
    if (!is_among(models_of_speech, model))
        return openai_failure(404, "The model '" + model + "' does not exist",
                              "invalid_request_error", "", "model_not_found");
    if (!is_among(voices, text_of(request, "voice")))
        return refused("Invalid value for voice: '" + text_of(request, "voice") + "'", "voice");
    if (count_code_points(text_of(request, "input")) > longest_input)
        return openai_failure(400, "String should have at most 4096 characters",
                              "invalid_request_error", "input", "string_above_max_length");
    const auto* speed = request.if_contains("speed");
    if (speed != nullptr && (!speed->is_number() || speed->to_number<double>() < 0.25 ||
                             speed->to_number<double>() > 4.0))
        return refused("speed must be between 0.25 and 4.0", "speed");
    return std::nullopt;
}

}  // namespace

HttpResponse OpenAi::speech(Call& call) {
    if (!call.request.header("content-type").starts_with("application/json"))
        return refused("Unsupported content type; use application/json", "");
    const auto request = parse_strictly(call.request.body);
    if (!request) return refused("We could not parse the JSON body of your request.", "");
    auto refusal = refusal_of(*request);
    if (refusal) return *std::move(refusal);
    const auto format = text_of(*request, "response_format");
    if (!is_among(settings_.openai_formats, format))
        return refused("Unsupported response_format: '" + format + "'", "response_format");
    const auto input = text_of(*request, "input");
    const auto* speed = request->if_contains("speed");
    auto tone = tone_of(input, count_code_points(input),
                        speed == nullptr ? 1.0 : speed->to_number<double>());
    tone.silent = call.silent;
    HttpResponse response;
    if (format == "opus") {
        response.content_type = "audio/opus";
        response.body = tones_.ogg_opus(tone);
    } else {
        response.content_type = format == "wav" ? "audio/wav" : "audio/pcm";
        response.body =
            format == "wav" ? Tones::wav(tone, sample_rate) : Tones::pcm(tone, sample_rate);
    }
    call.paid = true;
    call.fingerprint = hex(hash_of(input));
    call.summary = shortened(input, 60);
    return response;
}

HttpResponse OpenAi::models() {
    json::array data;
    for (const std::string_view id : {"tts-1", "tts-1-hd", "gpt-4o-mini-tts", "whisper-1",
                                      "gpt-4o-transcribe", "gpt-4o-mini-transcribe"})
        data.push_back(
            {{"id", id}, {"object", "model"}, {"created", 1'700'000'000}, {"owned_by", "standin"}});
    return json_answer(json::serialize(json::object{{"object", "list"}, {"data", data}}));
}

}  // namespace mlbilling::standin
