#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mlbilling {

/// users.role of interface.md.
enum class Role { user, admin, banned };
/// Languages of the interface; each has a complete catalogue of texts.
enum class Language { russian, english };
/// What a recognition comes back as.
enum class ReplyFormat { message, file };

/// A user's choices; kept in table users.
struct Settings {
    Language language = Language::english;
    /// Id of a Voice, or empty for the language's first.
    std::string voice;
    /// Percent of the voice's normal speed, 50..200.
    int speed_percent = 100;
    ReplyFormat reply_format = ReplyFormat::message;
    /// What the user speaks to the recogniser, two letters; empty for the interface language.
    std::string spoken_language;

    friend bool operator==(const Settings&, const Settings&) = default;
};

std::string_view to_string(Role role);
/// The two-letter code, `ru` or `en`.
std::string_view to_string(Language language);
std::string_view to_string(ReplyFormat format);
std::optional<Role> parse_role(std::string_view name);
std::optional<Language> parse_language(std::string_view code);
std::optional<ReplyFormat> parse_reply_format(std::string_view name);

/// Interface language for Telegram's language_code (an IETF tag or empty): Russian for `ru`, `be`,
/// `uk` and `kk`, English for all else (telegram.md 7).
Language language_for(std::string_view language_code);

}  // namespace mlbilling
