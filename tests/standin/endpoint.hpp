#pragma once

#include <optional>
#include <string_view>

namespace mlbilling::standin {

/// One method of a provider.
enum class Endpoint {
    synthesis_v1,          ///< POST /speech/v1/tts:synthesize
    synthesis_v3,          ///< POST /tts/v3/utteranceSynthesis
    recognition_v1,        ///< POST /speech/v1/stt:recognize
    recognition_v3,        ///< POST /stt/v3/recognizeFileAsync
    operation,             ///< GET /operations/{id}
    transcript,            ///< GET /stt/v3/getRecognition
    removal,               ///< DELETE /stt/v3/deleteRecognition
    token,                 ///< POST /iam/v1/tokens
    metadata,              ///< GET /computeMetadata/v1/instance/service-accounts/default/token
    openai_speech,         ///< POST /v1/audio/speech
    openai_transcription,  ///< POST /v1/audio/transcriptions
    openai_models          ///< GET /v1/models
};

/// As in the control API and the record, e.g. `synthesis_v3`.
std::string_view name_of(Endpoint endpoint);
std::optional<Endpoint> endpoint_named(std::string_view name);

/// Nothing when no provider has such a method.
std::optional<Endpoint> endpoint_of(std::string_view method, std::string_view path);

/// Whether its answer is a stream of JSON objects, in which an error may follow a status of 200.
bool is_stream(Endpoint endpoint);

/// The real services have a host each (yandex.md 4.1). Here `operation.localhost` and the like
/// stand for them: such a host answers its own methods only, any other host all of them.
bool host_serves(std::string_view host_header, Endpoint endpoint);

}  // namespace mlbilling::standin
