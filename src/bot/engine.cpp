#include "bot/engine.hpp"

#include <algorithm>

#include "texts/languages.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {

Engine describe(const Speech& speech) {
    return {speech.name(), speech.is_demonstration(), speech.voices(),
            speech.recognised_languages()};
}

std::string demonstration_note(Language language, const Engine& engine) {
    if (!engine.demonstration) return "";
    std::string names;
    for (const auto& code : engine.recognised_languages)
        names += (names.empty() ? "" : ", ") + language_name(language, code);
    auto note =
        render(language, TextId::demonstration, {{"languages", names.empty() ? "–" : names}});
    if (std::ranges::find(engine.recognised_languages, "ru") == engine.recognised_languages.end())
        note += " " + render(language, TextId::demonstration_no_russian);
    return note;
}

const Voice* current_voice(const Settings& settings, const Engine& engine) {
    const auto& voices = engine.voices;
    auto found = std::ranges::find(voices, settings.voice, &Voice::id);
    if (found == voices.end())
        found = std::ranges::find(voices, to_string(settings.language), &Voice::language);
    return found == voices.end() ? nullptr : &*found;
}

std::string voice_title(const Settings& settings, const Engine& engine) {
    const auto* voice = current_voice(settings, engine);
    return voice == nullptr ? render(settings.language, TextId::voice_default) : voice->title;
}

std::string spoken_language(const Settings& settings) {
    return settings.spoken_language.empty() ? std::string(to_string(settings.language))
                                            : settings.spoken_language;
}

}  // namespace mlbilling::bot
