#pragma once

#include <span>
#include <string_view>

namespace mlbilling::local_speech {

enum class Engine { espeak, flite };

/// A voice and what makes it. The names say which engine it is, not who it would like to be.
struct LocalVoice {
    std::string_view id;
    std::string_view title;
    std::string_view language;
    Engine engine;
    /// The engine's own name of the voice.
    std::string_view engine_voice;
};

/// The first of each language is that language's default.
std::span<const LocalVoice> voice_table();

/// The voice that reads the text: the asked one if it can. A flite voice knows Latin letters only,
/// so a text with letters of another script is read by espeak-ng in a language of that script,
/// Russian for Cyrillic. An unknown or empty id, say of another provider's voice, means the default
/// of the text's script.
LocalVoice voice_for(std::string_view id, std::string_view valid_utf8);

}  // namespace mlbilling::local_speech
