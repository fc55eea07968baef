#pragma once

#include <span>
#include <string>
#include <string_view>

#include "adapters/yandex/options.hpp"

namespace mlbilling::yandex {

/// A voice of SpeechKit.
struct YandexVoice {
    std::string_view id;
    std::string_view title;
    /// Two letters, as a user chooses.
    std::string_view language;
    /// As SpeechKit's synthesis calls it; recognition calls Kazakh kk-KZ.
    std::string_view code;
    /// Comma-separated; empty when it has none. SpeechKit refuses every other.
    std::string_view roles;
    bool in_v1;
    bool in_v3;
};

/// What to ask SpeechKit for.
struct ChosenVoice {
    const YandexVoice* voice = nullptr;
    /// Empty for the voice's own.
    std::string role;
};

std::span<const YandexVoice> voice_table();

bool speaks(const YandexVoice& voice, SynthesisApi api);

/// The voice of that id, which may end in `-` and a role; for an id that this API does not know,
/// one that speaks the language in whose script the text is written.
ChosenVoice voice_for(std::string_view id, std::string_view text, SynthesisApi api);

/// What recognition calls the language of those two letters; empty when it does not know it.
std::string_view recognition_code(std::string_view language);

/// All languages that recognition knows, two letters each.
std::span<const std::string_view> recognised_languages();

}  // namespace mlbilling::yandex
