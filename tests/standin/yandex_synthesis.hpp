#pragma once

#include <map>
#include <string>

#include "standin/access.hpp"
#include "standin/call.hpp"
#include "standin/settings.hpp"
#include "standin/tones.hpp"

namespace mlbilling::standin {

/// Speech synthesis of SpeechKit, v1 (yandex.md 1) and v3 (yandex.md 2).
class YandexSynthesis {
  public:
    YandexSynthesis(Tones& tones, const Settings& settings, const Access& access)
        : tones_(tones), settings_(settings), access_(access) {}

    HttpResponse v1(Call& call);
    HttpResponse v3(Call& call);

  private:
    struct Speech;
    HttpResponse spoken_v1(Call& call, const std::map<std::string, std::string>& form);
    HttpResponse stream(const Speech& speech);
    std::string audio_of(const Speech& speech, const Tone& tone);

    Tones& tones_;
    const Settings& settings_;
    const Access& access_;
    /// Whole answers by what they hold: most of the work of an answer is its base64.
    std::map<std::string, std::string> answers_;
};

}  // namespace mlbilling::standin
