#pragma once

#include <string_view>
#include <vector>

namespace mlbilling::standin {

/// A voice of SpeechKit (yandex.md 1.3).
struct YandexVoice {
    std::string_view name;
    std::string_view language;
    bool v3_only = false;
    std::vector<std::string_view> roles;
};

/// Nothing when there is no such voice.
const YandexVoice* yandex_voice(std::string_view name);
bool has_role(const YandexVoice& voice, std::string_view role);

/// Languages that are recognised, case-insensitive (yandex.md 4.5).
bool is_recognised_language(std::string_view code);

}  // namespace mlbilling::standin
