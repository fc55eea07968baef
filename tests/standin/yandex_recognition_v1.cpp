#include <boost/json.hpp>
#include <cstdlib>
#include <optional>

#include "standin/bytes.hpp"
#include "standin/failure.hpp"
#include "standin/voices.hpp"
#include "standin/yandex_recognition.hpp"

namespace mlbilling::standin {
namespace {

constexpr std::size_t largest_body = 1'000'000;
constexpr Duration longest{30'000};
constexpr std::int64_t billed_seconds = 15;

std::optional<std::string> problem_with_query(const Call& call) {
    static const std::map<std::string, int> known{
        {"lang", 0},   {"topic", 0},           {"profanityFilter", 0}, {"rawResults", 0},
        {"format", 0}, {"sampleRateHertz", 0}, {"folderId", 0}};
    for (const auto& [name, value] : call.request.query)
        if (!known.contains(name)) return "unknown parameter: " + name;
    const auto language = call.query("lang");
    if (!language.empty() && !is_recognised_language(language))
        return "unsupported language: " + language;
    const auto topic = call.query("topic");
    if (!topic.empty() && topic != "general" && topic != "general:rc" &&
        topic != "general:deprecated")
        return "unsupported topic: " + topic;
    for (const std::string flag : {"profanityFilter", "rawResults"}) {
        const auto value = call.query(flag);
        if (!value.empty() && value != "true" && value != "false")
            return flag + " must be true or false";
    }
    return std::nullopt;
}

/// What is heard, or why nothing can be.
std::variant<Heard, std::string> hear(const Call& call) {
    const auto format = call.query("format");
    const auto& body = call.request.body;
    if (format == "lpcm") {
        const auto rate = call.query("sampleRateHertz");
        if (!rate.empty() && rate != "48000" && rate != "16000" && rate != "8000")
            return "unsupported sampleRateHertz: " + rate;
        return hear_pcm(body, rate.empty() ? 48'000 : std::atoi(rate.c_str()), 1);
    }
    if (!format.empty() && format != "oggopus") return "unsupported format: " + format;
    if (!body.starts_with("OggS")) return std::string("ogg header has not been found");
    const auto heard = hear_ogg_opus(body);
    // What Yandex says about an Ogg whose codec is not Opus (yandex.md 3).
    if (!heard) return std::string("audio duration should be less than 30s");
    if (heard->channels != 1) return std::string("audio should have one channel");
    return *heard;
}

}  // namespace

HttpResponse YandexRecognition::v1(Call& call) {
    const auto refused = [&](std::string_view message) {
        return failure(call.endpoint, Trouble::invalid_argument, message);
    };
    if (call.request.body.empty()) return refused("audio should be not empty");
    if (call.request.body.size() > largest_body) return refused("audio should be at most 1 MB");
    const auto problem = problem_with_query(call);
    if (problem) return refused(*problem);
    auto listened = hear(call);
    if (const auto* why = std::get_if<std::string>(&listened)) return refused(*why);
    auto& heard = std::get<Heard>(listened);
    if (heard.length >= longest) return refused("audio duration should be less than 30s");
    heard.silent = heard.silent || call.silent;
    const auto seconds = (heard.length.count() + 999) / 1'000;
    const auto blocks = std::max<std::int64_t>(1, (seconds + billed_seconds - 1) / billed_seconds);
    auto response = json_answer(boost::json::serialize(
        boost::json::value{{"result", spoken_words(heard, call.query("lang"))}}));
    response.headers.emplace_back("YaCloud-Billing-Units", std::to_string(blocks * billed_seconds));
    call.paid = true;
    call.fingerprint = hex(heard.hash);
    call.summary = std::to_string(heard.length.count()) + " ms";
    return response;
}

}  // namespace mlbilling::standin
