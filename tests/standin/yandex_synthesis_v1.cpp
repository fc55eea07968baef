#include <charconv>
#include <cstdlib>

#include "adapters/http_server/request_target.hpp"
#include "domain/text.hpp"
#include "sandbox/multipart.hpp"
#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/markup.hpp"
#include "standin/voices.hpp"
#include "standin/yandex_synthesis.hpp"

namespace mlbilling::standin {
namespace {

using Form = std::map<std::string, std::string>;

// The documents do not say whether a kilobyte has 1,000 bytes or 1,024, nor whether it is counted
// before the escapes or after: the stand-in takes the narrowest reading.
constexpr std::size_t largest_body = 15'000;
constexpr std::size_t longest_text = 5'000;

HttpResponse refused(std::string_view message) {
    return failure(Endpoint::synthesis_v1, Trouble::invalid_argument, message);
}

std::string value_in(const Form& form, const std::string& name, std::string otherwise = {}) {
    const auto found = form.find(name);
    return found == form.end() ? otherwise : found->second;
}

std::optional<Form> read_form(const HttpRequest& request) {
    const auto type = request.header("content-type");
    if (type.starts_with("application/x-www-form-urlencoded")) return parse_form(request.body);
    const auto parts = sandbox::parse_multipart(type, request.body);
    if (!parts) return std::nullopt;
    Form form;
    for (const auto& part : *parts) form[part.name] = part.body;
    return form;
}

/// Why the form cannot be spoken, or nothing.
std::optional<std::string> problem_with(const Form& form) {
    static const std::map<std::string, int> known{{"text", 0},
                                                  {"ssml", 0},
                                                  {"lang", 0},
                                                  {"voice", 0},
                                                  {"emotion", 0},
                                                  {"speed", 0},
                                                  {"sampleRateHertz", 0},
                                                  {"format", 0},
                                                  {"folderId", 0}};
    for (const auto& [name, value] : form)
        if (!known.contains(name)) return "unknown parameter: " + name;
    if (form.contains("text") == form.contains("ssml"))
        return "exactly one of text and ssml expected";
    const auto text = value_in(form, "text") + value_in(form, "ssml");
    if (count_code_points(text) > longest_text) return "text is too long: at most 5000 characters";
    if (form.contains("ssml") && !text.starts_with("<speak")) return "ssml must be a speak element";
    const auto name = value_in(form, "voice", "alena");
    const auto* voice = yandex_voice(name);
    if (voice == nullptr || voice->v3_only) return "Unsupported voice is requested: " + name;
    if (value_in(form, "lang", "ru-RU") != voice->language)
        return "Error while parsing and validating request: Request voice is applicable for " +
               std::string(voice->language) + " language only: " + name;
    const auto role = value_in(form, "emotion");
    if (!role.empty() && !has_role(*voice, role))
        return "Unsupported emotion is requested: " + role;
    return std::nullopt;
}

std::optional<double> speed_in(const Form& form) {
    const auto text = value_in(form, "speed", "1.0");
    double speed = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), speed);
    const bool whole = read.ptr == text.data() + text.size();
    return whole && speed >= 0.1 && speed <= 3.0 ? std::optional(speed) : std::nullopt;
}

}  // namespace

HttpResponse YandexSynthesis::v1(Call& call) {
    const auto type = call.request.header("content-type");
    const bool form_type = type.starts_with("application/x-www-form-urlencoded") ||
                           type.starts_with("multipart/form-data");
    if (!form_type) return refused("unsupported content-type: " + type);
    if (call.request.body.size() > largest_body) return refused("request body is too large");
    const auto form = read_form(call.request);
    if (!form) return refused("cannot parse the form");
    const auto folder = value_in(*form, "folderId");
    if (!folder.empty() && folder != access_.credentials().folder)
        return refused("Specified folder ID '" + folder +
                       "' does not match with service account folder ID '" +
                       access_.credentials().folder + "'");
    const auto problem = problem_with(*form);
    if (problem) return refused(*problem);
    return spoken_v1(call, *form);
}

HttpResponse YandexSynthesis::spoken_v1(Call& call, const Form& form) {
    const auto text = value_in(form, "text") + value_in(form, "ssml");
    const auto speed = speed_in(form);
    if (!speed) return refused("speed must be between 0.1 and 3.0");
    const auto marked = read_markup(text);
    if (!marked) return refused("malformed pause in the text");
    auto tone = tone_of(text, marked->spoken_characters, *speed);
    tone.length += marked->pauses;
    tone.silent = call.silent;
    HttpResponse response;
    const auto format = value_in(form, "format", "oggopus");
    const auto rate = value_in(form, "sampleRateHertz", "48000");
    if (format == "oggopus") {
        response.content_type = "audio/ogg";
        response.body = tones_.ogg_opus(tone);
    } else if (format == "lpcm") {
        if (rate != "48000" && rate != "16000" && rate != "8000")
            return refused("unsupported sampleRateHertz: " + rate);
        response.content_type = "audio/x-pcm";
        response.body = Tones::pcm(tone, std::atoi(rate.c_str()));
    } else if (format == "mp3") {
        return failure(Endpoint::synthesis_v1, Trouble::unimplemented, "the stand-in makes no MP3");
    } else {
        return refused("unsupported format: " + format);
    }
    const auto characters = std::max<std::size_t>(1, count_code_points(text));
    response.headers.emplace_back("YaCloud-Billing-Units", std::to_string(characters));
    call.paid = true;
    call.fingerprint = hex(hash_of(text));
    call.summary = shortened(text, 60);
    return response;
}

}  // namespace mlbilling::standin
