#pragma once

#include <string>
#include <vector>

#include "domain/user.hpp"
#include "ports/speech.hpp"

namespace mlbilling::bot {

/// What users are told of the speech provider.
struct Engine {
    std::string name;
    bool demonstration = false;
    std::vector<Voice> voices;
    std::vector<std::string> recognised_languages;
};

Engine describe(const Speech& speech);

/// That the engine is a demonstration and what it does not understand; empty for a real provider.
std::string demonstration_note(Language language, const Engine& engine);

/// The voice that reads to this user now: the chosen one, else the interface language's first; null
/// when there is none.
const Voice* current_voice(const Settings& settings, const Engine& engine);
/// Its title, or words for the usual one.
std::string voice_title(const Settings& settings, const Engine& engine);

/// What the user speaks to the recogniser, two letters.
std::string spoken_language(const Settings& settings);

}  // namespace mlbilling::bot
