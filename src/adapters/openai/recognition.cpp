#include "adapters/openai/recognition.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/openai/failures.hpp"
#include "adapters/openai/voice_table.hpp"

namespace mlbilling::openai {
namespace {

namespace json = boost::json;
using Kind = ProviderFailure::Kind;

/// OpenAI takes 25 MB.
constexpr std::size_t largest_file = 25'000'000;
/// It refuses what is shorter, and nobody says a word in that time.
constexpr Duration shortest{100};
constexpr int ok = 200;

/// The transcript, or nothing when the answer is none.
std::optional<std::string> text_in(const std::string& body) {
    boost::system::error_code error;
    const auto value = json::parse(body, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* text = object == nullptr ? nullptr : object->if_contains("text");
    if (text == nullptr || !text->is_string()) return std::nullopt;
    return std::string(text->get_string());
}

ProviderFailure too_large(std::string detail) {
    ProviderFailure failure{Kind::refused, std::move(detail), {}};
    failure.input = ProviderFailure::Input::too_large;
    return failure;
}

}  // namespace

MicroRoubles Recognition::cost_of(Duration length) const {
    const auto seconds = (length.count() + 999) / 1'000;
    return MicroRoubles(seconds * options_.prices.per_second.value());
}

Async<std::string> Recognition::encoded(RecognitionRequest request) {
    if (!request.ogg_opus.empty()) co_return std::move(request.ogg_opus);
    auto sound = co_await request.sound.samples();
    auto voice = co_await codec_.encode(std::move(sound));
    co_return std::move(voice.ogg_opus);
}

Async<Provided<Transcript>> Recognition::run(RecognitionRequest request, Duration deadline) {
    const auto& known = recognised_languages();
    const bool understood = std::find(known.begin(), known.end(), request.language) != known.end();
    if (!understood) co_return ProviderFailure{Kind::unsupported, "unknown language", {}};
    const auto length = request.sound.duration();
    if (length < shortest) co_return Transcript{"", {"openai", MicroRoubles()}};
    std::vector<HttpPart> parts;
    parts.push_back({"model", options_.recognition_model, "", ""});
    parts.push_back({"language", request.language, "", ""});
    parts.push_back({"response_format", "json", "", ""});
    auto file = co_await encoded(std::move(request));
    if (file.size() > largest_file) co_return too_large("the recording is larger than 25 MB");
    parts.push_back({"file", std::move(file), "voice.ogg", "audio/ogg"});

    const auto answer =
        co_await server_.post_form("/audio/transcriptions", std::move(parts), deadline);
    const auto cost = cost_of(length);
    if (!answer) {
        auto failure = failure_of(answer.error());
        if (answer.error().kind != HttpFailure::Kind::not_sent) failure.cost = cost;
        co_return failure;
    }
    if (answer->status != ok) co_return server_.failure_of(*answer);
    auto text = text_in(answer->body);
    if (!text) co_return ProviderFailure{Kind::down, "the answer is no transcript", cost};
    co_return Transcript{*std::move(text), {"openai", cost}};
}

}  // namespace mlbilling::openai
