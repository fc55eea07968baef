#pragma once

#include "adapters/openai/server.hpp"
#include "ports/audio.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// POST /audio/speech. Asks for Ogg/Opus, and for WAV once the server has refused that.
class Synthesis {
  public:
    Synthesis(Server& server, AudioCodec& codec, const Options& options)
        : server_(server), codec_(codec), options_(options) {}

    Async<Provided<SpokenVoice>> run(SynthesisRequest request, Duration deadline);
    MicroRoubles cost_of(const std::string& text) const;

  private:
    using Audio = std::variant<Sound, EncodedVoice>;

    /// One text that the server takes at once.
    Async<Provided<Audio>> speak(std::string text, SynthesisRequest request, Duration deadline);
    Async<HttpResult> ask(std::string text, SynthesisRequest request, Duration deadline);
    Async<Provided<Audio>> audio_in(std::string bytes);
    Async<Provided<Audio>> joined(std::vector<Audio> parts);

    Server& server_;
    AudioCodec& codec_;
    const Options& options_;
    /// The server makes no Opus.
    bool wav_ = false;
};

}  // namespace mlbilling::openai
