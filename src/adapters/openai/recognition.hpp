#pragma once

#include "adapters/openai/server.hpp"
#include "ports/audio.hpp"
#include "ports/speech.hpp"

namespace mlbilling::openai {

/// POST /audio/transcriptions.
class Recognition {
  public:
    Recognition(Server& server, AudioCodec& codec, const Options& options)
        : server_(server), codec_(codec), options_(options) {}

    Async<Provided<Transcript>> run(RecognitionRequest request, Duration deadline);
    MicroRoubles cost_of(Duration length) const;

  private:
    Async<std::string> encoded(RecognitionRequest request);

    Server& server_;
    AudioCodec& codec_;
    const Options& options_;
};

}  // namespace mlbilling::openai
