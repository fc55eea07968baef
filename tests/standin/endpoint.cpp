#include "standin/endpoint.hpp"

#include <algorithm>
#include <array>

#include "domain/names.hpp"

namespace mlbilling::standin {
namespace {

constexpr Names<Endpoint, 12> names{{{Endpoint::synthesis_v1, "synthesis_v1"},
                                     {Endpoint::synthesis_v3, "synthesis_v3"},
                                     {Endpoint::recognition_v1, "recognition_v1"},
                                     {Endpoint::recognition_v3, "recognition_v3"},
                                     {Endpoint::operation, "operation"},
                                     {Endpoint::transcript, "transcript"},
                                     {Endpoint::removal, "removal"},
                                     {Endpoint::token, "token"},
                                     {Endpoint::metadata, "metadata"},
                                     {Endpoint::openai_speech, "openai_speech"},
                                     {Endpoint::openai_transcription, "openai_transcription"},
                                     {Endpoint::openai_models, "openai_models"}}};

struct Route {
    std::string_view method;
    std::string_view path;
    Endpoint endpoint;
};
constexpr std::array routes{
    Route{"POST", "/speech/v1/tts:synthesize", Endpoint::synthesis_v1},
    Route{"POST", "/tts/v3/utteranceSynthesis", Endpoint::synthesis_v3},
    Route{"POST", "/speech/v1/stt:recognize", Endpoint::recognition_v1},
    Route{"POST", "/stt/v3/recognizeFileAsync", Endpoint::recognition_v3},
    Route{"GET", "/stt/v3/getRecognition", Endpoint::transcript},
    Route{"DELETE", "/stt/v3/deleteRecognition", Endpoint::removal},
    Route{"POST", "/iam/v1/tokens", Endpoint::token},
    Route{"GET", "/computeMetadata/v1/instance/service-accounts/default/token", Endpoint::metadata},
    Route{"POST", "/v1/audio/speech", Endpoint::openai_speech},
    Route{"POST", "/v1/audio/transcriptions", Endpoint::openai_transcription},
    Route{"GET", "/v1/models", Endpoint::openai_models}};

constexpr std::string_view operations = "/operations/";

std::string_view service_of(Endpoint endpoint) {
    switch (endpoint) {
        case Endpoint::synthesis_v1:
        case Endpoint::synthesis_v3: return "tts";
        case Endpoint::recognition_v1:
        case Endpoint::recognition_v3:
        case Endpoint::transcript:
        case Endpoint::removal: return "stt";
        case Endpoint::operation: return "operation";
        case Endpoint::token: return "iam";
        case Endpoint::metadata: return "metadata";
        case Endpoint::openai_speech:
        case Endpoint::openai_transcription:
        case Endpoint::openai_models: return "openai";
    }
    return "";
}

}  // namespace

std::string_view name_of(Endpoint endpoint) { return mlbilling::name_of(names, endpoint); }

std::optional<Endpoint> endpoint_named(std::string_view name) { return value_of(names, name); }

std::optional<Endpoint> endpoint_of(std::string_view method, std::string_view path) {
    if (method == "GET" && path.starts_with(operations) && path.size() > operations.size())
        return Endpoint::operation;
    const auto* const route = std::find_if(routes.begin(), routes.end(), [&](const Route& known) {
        return known.method == method && known.path == path;
    });
    return route == routes.end() ? std::nullopt : std::optional(route->endpoint);
}

bool is_stream(Endpoint endpoint) {
    return endpoint == Endpoint::synthesis_v3 || endpoint == Endpoint::transcript;
}

bool host_serves(std::string_view host_header, Endpoint endpoint) {
    const auto label = host_header.substr(0, host_header.find_first_of(".:"));
    constexpr std::array<std::string_view, 6> services{"tts", "stt",      "operation",
                                                       "iam", "metadata", "openai"};
    const bool one_of_them = std::find(services.begin(), services.end(), label) != services.end();
    return !one_of_them || label == service_of(endpoint);
}

}  // namespace mlbilling::standin
