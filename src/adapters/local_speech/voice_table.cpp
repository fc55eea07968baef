#include "adapters/local_speech/voice_table.hpp"

#include <algorithm>
#include <array>

#include "adapters/local_speech/script.hpp"

namespace mlbilling::local_speech {
namespace {

// espeak-ng makes a woman's voice of any language by its variant f2.
constexpr std::array voices{
    LocalVoice{"espeak-ru", "Espeak (русский)", "ru", Engine::espeak, "ru"},
    LocalVoice{"espeak-ru-f", "Espeak, женский (русский)", "ru", Engine::espeak, "ru+f2"},
    LocalVoice{"slt", "Slt (English)", "en", Engine::flite, "slt"},
    LocalVoice{"rms", "Rms (English)", "en", Engine::flite, "rms"},
    LocalVoice{"awb", "Awb (English)", "en", Engine::flite, "awb"},
    LocalVoice{"espeak-en", "Espeak (English)", "en", Engine::espeak, "en-us"},
    LocalVoice{"espeak-de", "Espeak (Deutsch)", "de", Engine::espeak, "de"},
    LocalVoice{"espeak-fr", "Espeak (français)", "fr", Engine::espeak, "fr-fr"},
    LocalVoice{"espeak-es", "Espeak (español)", "es", Engine::espeak, "es"},
    LocalVoice{"espeak-it", "Espeak (italiano)", "it", Engine::espeak, "it"},
    LocalVoice{"espeak-pt", "Espeak (português)", "pt", Engine::espeak, "pt-br"},
    LocalVoice{"espeak-pl", "Espeak (polski)", "pl", Engine::espeak, "pl"},
    LocalVoice{"espeak-tr", "Espeak (Türkçe)", "tr", Engine::espeak, "tr"},
    LocalVoice{"espeak-uk", "Espeak (українська)", "uk", Engine::espeak, "uk"},
    LocalVoice{"espeak-kk", "Espeak (қазақша)", "kk", Engine::espeak, "kk"},
};

/// Not for the buttons, only for letters that nothing else reads.
constexpr LocalVoice reader_of(Script script) {
    switch (script) {
        case Script::latin: return voices[2];
        case Script::cyrillic: return voices[0];
        case Script::greek: return {"espeak-el", "", "el", Engine::espeak, "el"};
        case Script::armenian: return {"espeak-hy", "", "hy", Engine::espeak, "hy"};
        case Script::georgian: return {"espeak-ka", "", "ka", Engine::espeak, "ka"};
        case Script::hebrew: return {"espeak-he", "", "he", Engine::espeak, "he"};
        case Script::arabic: return {"espeak-ar", "", "ar", Engine::espeak, "ar"};
        case Script::devanagari: return {"espeak-hi", "", "hi", Engine::espeak, "hi"};
        case Script::japanese: return {"espeak-ja", "", "ja", Engine::espeak, "ja"};
        case Script::korean: return {"espeak-ko", "", "ko", Engine::espeak, "ko"};
        case Script::chinese: return {"espeak-zh", "", "zh", Engine::espeak, "cmn"};
        case Script::other: return voices[5];
    }
    return voices[5];
}

}  // namespace

std::span<const LocalVoice> voice_table() { return voices; }

LocalVoice voice_for(std::string_view id, std::string_view valid_utf8) {
    const Script script = script_of(valid_utf8);
    const auto asked = std::find_if(voices.begin(), voices.end(),
                                    [id](const LocalVoice& voice) { return voice.id == id; });
    if (asked == voices.end()) return reader_of(script);
    if (asked->engine == Engine::flite && script != Script::latin) return reader_of(script);
    return *asked;
}

}  // namespace mlbilling::local_speech
