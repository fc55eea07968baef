#pragma once

#include "standin/call.hpp"
#include "standin/settings.hpp"
#include "standin/tones.hpp"

namespace mlbilling::standin {

/// A server with OpenAI's methods for speech (platform.openai.com, API reference, Audio).
class OpenAi {
  public:
    OpenAi(Tones& tones, const Settings& settings) : tones_(tones), settings_(settings) {}

    HttpResponse speech(Call& call);
    HttpResponse transcription(Call& call);
    static HttpResponse models();

  private:
    Tones& tones_;
    const Settings& settings_;
};

}  // namespace mlbilling::standin
