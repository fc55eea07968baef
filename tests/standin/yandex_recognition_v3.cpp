#include <boost/json.hpp>
#include <optional>

#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/strict_json.hpp"
#include "standin/voices.hpp"
#include "standin/yandex_messages.hpp"
#include "standin/yandex_recognition.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_body = 60'000'000;
constexpr Duration longest{4 * 3'600'000};

std::optional<Heard> hear(const json::object& format, const std::string& bytes) {
    if (const auto* raw = object_at(format, "rawAudio")) {
        const auto number = [&](std::string_view name, int otherwise) {
            const auto* value = field_of(*raw, name);
            return value == nullptr ? otherwise : static_cast<int>(*number_of(*value));
        };
        const int rate = number("sampleRateHertz", 0);
        const int channels = number("audioChannelCount", 1);
        if (text_of(*raw, "audioEncoding") != "LINEAR16_PCM") return std::nullopt;
        if (rate < 8'000 || rate > 48'000 || channels < 1) return std::nullopt;
        return hear_pcm(bytes, rate, channels);
    }
    const auto* container = object_at(format, "containerAudio");
    const auto type = container == nullptr ? "" : text_of(*container, "containerAudioType");
    if (type == "OGG_OPUS") return hear_ogg_opus(bytes);
    if (type == "WAV") return hear_wav(bytes);
    if (type == "MP3") return hear_mp3(bytes);
    return std::nullopt;
}

std::optional<std::string> problem_with_model(const json::object& model) {
    const auto name = text_of(model, "model");
    const auto base = name.substr(0, name.find(':'));
    const auto version = name.substr(base.size());
    const bool known = base.empty() || base == "general" || base == "deferred-general";
    if (!known || (!version.empty() && version != ":rc" && version != ":deprecated"))
        return "unknown model: " + name;
    if (const auto* languages = object_at(model, "languageRestriction")) {
        const auto* codes = field_of(*languages, "languageCode");
        if (codes != nullptr)
            for (const auto& code : codes->get_array())
                if (!is_recognised_language(code.get_string()))
                    return "unsupported language: " + std::string(code.get_string());
    }
    const auto* text = object_at(model, "textNormalization");
    const bool extras =
        text != nullptr && (is_true(*text, "literatureText") || is_true(*text, "profanityFilter"));
    if (extras && text_of(*text, "textNormalization") != "TEXT_NORMALIZATION_ENABLED")
        return "text normalization is not enabled";
    return std::nullopt;
}

std::string language_in(const json::object& model) {
    const auto* languages = object_at(model, "languageRestriction");
    const auto* codes = languages == nullptr ? nullptr : field_of(*languages, "languageCode");
    const bool any = codes != nullptr && !codes->get_array().empty();
    return any ? std::string(codes->get_array().front().get_string()) : "ru-RU";
}

}  // namespace

HttpResponse YandexRecognition::submit(Call& call) {
    const auto refused = [&](std::string_view message) {
        return failure(call.endpoint, Trouble::invalid_argument, message);
    };
    if (call.request.body.size() > largest_body) return refused("request is larger than 60 MB");
    const auto request = parse_strictly(call.request.body);
    if (!request) return refused(request.error().message);
    const auto problem = problem_with(recognition_request(), *request);
    if (problem) return refused(problem->message);
    if (field_of(*request, "uri") != nullptr)
        return failure(call.endpoint, Trouble::unimplemented, "the stand-in reads no bucket");
    const auto bytes = from_base64(text_of(*request, "content"));
    if (!bytes || bytes->empty()) return refused("content is empty or no base64");
    const auto* model = object_at(*request, "recognitionModel");
    if (model == nullptr) return refused("recognition_model is missing");
    const auto wrong_model = problem_with_model(*model);
    if (wrong_model) return refused(*wrong_model);
    const auto* format = object_at(*model, "audioFormat");
    if (format == nullptr) return refused("audio_format is missing");
    auto heard = hear(*format, *bytes);
    if (!heard) return refused("the audio is not of the format that it claims");
    if (heard->length > longest) return refused("the audio is longer than 4 hours");
    heard->silent = heard->silent || call.silent;

    Operation operation{.created = clock_.now(), .heard = *heard, .language = language_in(*model)};
    const auto* text = object_at(*model, "textNormalization");
    operation.normalised = text != nullptr &&
                           text_of(*text, "textNormalization") == "TEXT_NORMALIZATION_ENABLED" &&
                           operation.language != "auto";
    operation.literature = operation.normalised && is_true(*text, "literatureText");
    operation.polls_left = settings_.polls;
    operation.fails = call.fails_later;
    call.paid = true;
    call.fingerprint = hex(heard->hash);
    call.summary = std::to_string(heard->length.count()) + " ms";
    const auto id = "f8d" + hex(random_.next()) + "0";
    const auto& kept = operations_.emplace(id, std::move(operation)).first->second;
    return json_answer(described(id, kept));
}

}  // namespace mlbilling::standin
