#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/answer.hpp"
#include "bot/engine.hpp"
#include "domain/user.hpp"

namespace mlbilling::bot {

/// The menus, each a text with its buttons; what is chosen now bears a mark.
TextPart language_menu(const Settings& settings);
/// The voices of `shown_language` (empty: of the current voice), each with a button to hear it, and
/// the other languages.
TextPart voice_menu(const Settings& settings, const Engine& engine,
                    std::string_view shown_language);
TextPart settings_menu(const Settings& settings, const Engine& engine);
/// Buttons for the languages that can be recognised.
telegram::Keyboard spoken_language_buttons(const Settings& settings, const Engine& engine);

}  // namespace mlbilling::bot
