#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "sandbox/multipart.hpp"
#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/hearing.hpp"
#include "standin/openai.hpp"

namespace mlbilling::standin {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_file = 25'000'000;
constexpr Duration shortest{100};

/// The fields of the form; the file stands apart.
struct Form {
    std::map<std::string, std::string> fields;
    std::string file;
    std::string file_name;

    std::string value(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : found->second;
    }
};

HttpResponse refused(std::string_view message, std::string_view param) {
    return openai_failure(400, message, "invalid_request_error", param, "");
}

std::optional<Form> read_form(const HttpRequest& request) {
    auto parts = sandbox::parse_multipart(request.header("content-type"), request.body);
    if (!parts) return std::nullopt;
    Form form;
    for (auto& part : *parts) {
        if (part.name == "file" && part.is_file) {
            form.file = std::move(part.body);
            form.file_name = part.file_name;
        } else if (!form.fields.emplace(part.name, std::move(part.body)).second) {
            return std::nullopt;
        }
    }
    return form;
}

std::string extension_of(const std::string& name) {
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? "" : name.substr(dot + 1);
}

bool is_language(const std::string& code) {
    return code.empty() || (code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) {
                                return c >= 'a' && c <= 'z';
                            }));
}

/// What the server has against the form.
std::optional<HttpResponse> refusal_of(const Form& form) {
    constexpr std::array<std::string_view, 6> known{"model",       "language",        "prompt",
                                                    "temperature", "response_format", "include[]"};
    constexpr std::array<std::string_view, 3> models{"whisper-1", "gpt-4o-transcribe",
                                                     "gpt-4o-mini-transcribe"};
    constexpr std::array<std::string_view, 9> formats{"flac", "m4a", "mp3", "mp4", "mpeg",
                                                      "mpga", "oga", "ogg", "wav"};
    for (const auto& [name, value] : form.fields)
        if (std::find(known.begin(), known.end(), name) == known.end())
            return refused("Unrecognized request argument supplied: " + name, "");
    if (form.file.empty()) return refused("Missing required parameter: 'file'.", "file");
    if (form.file.size() > largest_file)
        return openai_failure(413, "Maximum content size limit (26214400) exceeded", "server_error",
                              "", "");
    const auto extension = extension_of(form.file_name);
    if (std::find(formats.begin(), formats.end(), extension) == formats.end())
        return refused("Unrecognized file format.", "file");
    const auto model = form.value("model");
    if (std::find(models.begin(), models.end(), model) == models.end())
        return openai_failure(404, "The model '" + model + "' does not exist",
                              "invalid_request_error", "", "model_not_found");
    if (!is_language(form.value("language")))
        return refused("Language must be specified in ISO-639-1", "language");
    return std::nullopt;
}

}  // namespace

HttpResponse OpenAi::transcription(Call& call) {
    const auto form = read_form(call.request);
    if (!form) return refused("Could not parse multipart form", "");
    auto refusal = refusal_of(*form);
    if (refusal) return *std::move(refusal);
    auto heard = form->file.starts_with("RIFF") ? hear_wav(form->file) : hear_ogg_opus(form->file);
    if (!heard)
        return refused("The audio file could not be decoded or its format is not supported.",
                       "file");
    if (heard->length < shortest)
        return openai_failure(400, "Audio file is too short. Minimum audio length is 0.1 seconds.",
                              "invalid_request_error", "file", "audio_too_short");
    heard->silent = heard->silent || call.silent;
    call.paid = true;
    call.fingerprint = hex(heard->hash);
    call.summary = std::to_string(heard->length.count()) + " ms";
    const auto language = form->value("language");
    const auto text = literature(spoken_words(*heard, language.empty() ? "en" : language));
    const auto format = form->value("response_format");
    if (format == "text") {
        auto response = HttpResponse();
        response.body = text + "\n";
        return response;
    }
    if (!format.empty() && format != "json")
        return refused("Unsupported response_format: '" + format + "'", "response_format");
    return json_answer(json::serialize(json::object{{"text", text}}));
}

}  // namespace mlbilling::standin
