#include "bot/menus.hpp"

#include <algorithm>
#include <iterator>

#include "bot/button.hpp"
#include "domain/text.hpp"
#include "texts/languages.hpp"
#include "texts/render.hpp"

namespace mlbilling::bot {
namespace {

// A keyboard holds at most 100 buttons; these bounds keep even a provider with very many voices
// below it.
constexpr std::size_t most_voices = 20;
constexpr std::size_t most_languages = 40;
constexpr std::size_t languages_in_a_row = 4;
constexpr std::size_t longest_title = 40;
constexpr int speeds[] = {75, 100, 125, 150, 175};

telegram::Button button(std::string text, const ButtonAction& action, bool chosen = false) {
    return {(chosen ? "✓ " : "") + shortened(text, longest_title), button_data(action)};
}

/// Puts the buttons into rows of at most `width`.
void add_rows(telegram::Keyboard& keyboard, std::vector<telegram::Button> buttons,
              std::size_t width) {
    for (std::size_t i = 0; i < buttons.size(); ++i) {
        if (i % width == 0) keyboard.emplace_back();
        keyboard.back().push_back(std::move(buttons[i]));
    }
}

/// Languages that have a voice, in the order of the provider's list.
std::vector<std::string> voice_languages(const Engine& engine) {
    std::vector<std::string> languages;
    for (const auto& voice : engine.voices)
        if (std::ranges::find(languages, voice.language) == languages.end())
            languages.push_back(voice.language);
    if (languages.size() > most_languages) languages.resize(most_languages);
    return languages;
}

void add_voices(telegram::Keyboard& keyboard, const Settings& settings, const Engine& engine,
                std::string_view language) {
    const auto* current = current_voice(settings, engine);
    for (const auto& voice : engine.voices) {
        if (voice.language != language || keyboard.size() >= most_voices) continue;
        const bool chosen = current != nullptr && current->id == voice.id;
        keyboard.push_back(
            {button(voice.title, ChooseVoice{voice.id}, chosen),
             button(render(settings.language, TextId::button_sample), HearSample{voice.id})});
    }
}

}  // namespace

TextPart language_menu(const Settings& settings) {
    TextPart menu{render(settings.language, TextId::language_menu), {}};
    for (const auto language : {Language::russian, Language::english}) {
        // Each language is named in itself, for those who cannot read the other.
        const auto* name = language == Language::russian ? "Русский" : "English";
        menu.keyboard.push_back(
            {button(name, ChooseLanguage{language}, settings.language == language)});
    }
    return menu;
}

TextPart voice_menu(const Settings& settings, const Engine& engine,
                    std::string_view shown_language) {
    const auto* current = current_voice(settings, engine);
    std::string shown(shown_language);
    if (shown.empty())
        shown = current == nullptr ? to_string(settings.language) : current->language;
    TextPart menu;
    add_voices(menu.keyboard, settings, engine, shown);
    menu.text = menu.keyboard.empty() ? render(settings.language, TextId::voice_menu_empty)
                                      : render(settings.language, TextId::voice_menu,
                                               {{"voice", voice_title(settings, engine)}});
    if (const auto note = demonstration_note(settings.language, engine); !note.empty())
        menu.text += "\n\n" + note;
    std::vector<telegram::Button> languages;
    for (const auto& code : voice_languages(engine))
        if (code != shown)
            languages.push_back(button(language_name(settings.language, code), ShowVoices{code}));
    add_rows(menu.keyboard, std::move(languages), languages_in_a_row);
    return menu;
}

telegram::Keyboard spoken_language_buttons(const Settings& settings, const Engine& engine) {
    std::vector<telegram::Button> buttons;
    for (const auto& code : engine.recognised_languages) {
        if (buttons.size() == most_languages) break;
        const auto name = render(settings.language, TextId::button_spoken,
                                 {{"language", language_name(settings.language, code)}});
        buttons.push_back(
            button(name, ChooseSpokenLanguage{code}, spoken_language(settings) == code));
    }
    telegram::Keyboard keyboard;
    add_rows(keyboard, std::move(buttons), languages_in_a_row);
    return keyboard;
}

TextPart settings_menu(const Settings& settings, const Engine& engine) {
    const auto language = settings.language;
    const bool as_file = settings.reply_format == ReplyFormat::file;
    TextPart menu;
    menu.text = render(
        language, TextId::settings_menu,
        {{"voice", voice_title(settings, engine)},
         {"speed", std::to_string(settings.speed_percent)},
         {"format", render(language, as_file ? TextId::format_file : TextId::format_message)},
         {"spoken", language_name(language, spoken_language(settings))}});
    std::vector<telegram::Button> speed;
    for (const auto percent : speeds)
        speed.push_back(
            button(render(language, TextId::button_speed, {{"speed", std::to_string(percent)}}),
                   ChooseSpeed{percent}, settings.speed_percent == percent));
    menu.keyboard.push_back(std::move(speed));
    menu.keyboard.push_back({button(render(language, TextId::button_format_message),
                                    ChooseFormat{ReplyFormat::message}, !as_file),
                             button(render(language, TextId::button_format_file),
                                    ChooseFormat{ReplyFormat::file}, as_file)});
    std::ranges::move(spoken_language_buttons(settings, engine), std::back_inserter(menu.keyboard));
    menu.keyboard.push_back(
        {button(render(language, TextId::button_voice), ShowMenu{Menu::voice}),
         button(render(language, TextId::button_language), ShowMenu{Menu::language})});
    return menu;
}

}  // namespace mlbilling::bot
