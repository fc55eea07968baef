#include "bot/command.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.hpp"
#include "domain/characters.hpp"

namespace mlbilling::bot {
namespace {

constexpr auto commands = std::to_array<ListedCommand>({
    {Command::start, "start", TextId::command_start},
    {Command::help, "help", TextId::command_help},
    {Command::balance, "balance", TextId::command_balance},
    {Command::history, "history", TextId::command_history},
    {Command::voice, "voice", TextId::command_voice},
    {Command::settings, "settings", TextId::command_settings},
    {Command::language, "language", TextId::command_language},
    {Command::cancel, "cancel", TextId::command_cancel},
    {Command::say, "say", TextId::command_say},
    {Command::privacy, "privacy", TextId::command_privacy},
});

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

char32_t lower(char32_t c) {
    if (c >= U'A' && c <= U'Z') return c - U'A' + U'a';
    if (c >= U'А' && c <= U'Я') return c - U'А' + U'а';
    return c;
}

/// The letters and digits of a text that is one word with punctuation around it; nothing when there
/// are several words or the word is longer than any that we look for.
std::optional<std::string> only_word(std::string_view text) {
    constexpr std::size_t longest = 32;
    std::string word;
    bool ended = false;
    while (!text.empty()) {
        const auto c = utf8::first(text);
        text.remove_prefix(c.length);
        if (!is_word_character(c.value)) {
            ended = !word.empty();
            continue;
        }
        if (ended || word.size() > longest) return std::nullopt;
        utf8::append(word, lower(c.value));
    }
    return word;
}

}  // namespace

std::span<const ListedCommand> all_commands() { return commands; }

bool same_name(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](char a, char b) { return lower(a) == lower(b); });
}

std::optional<ParsedCommand> parse_command(std::string_view text, std::string_view bot_username) {
    if (!text.starts_with('/')) return std::nullopt;
    const auto word = text.substr(1, text.find_first_of(" \n\t") - 1);
    const auto at = word.find('@');
    ParsedCommand parsed;
    parsed.rest = text.substr(1 + word.size());
    parsed.rest.remove_prefix(std::min(parsed.rest.find_first_not_of(" \n\t"), parsed.rest.size()));
    if (at != std::string_view::npos) {
        parsed.names_bot = same_name(word.substr(at + 1), bot_username);
        parsed.names_another = !parsed.names_bot;
    }
    const auto name = word.substr(0, at);
    const auto found = std::ranges::find_if(
        commands, [&](const auto& known) { return same_name(known.name, name); });
    if (found != commands.end()) parsed.command = found->command;
    return parsed;
}

bool is_balance_word(std::string_view normalised_text) {
    const auto word = only_word(normalised_text);
    return word == "баланс" || word == "balance";
}

}  // namespace mlbilling::bot
