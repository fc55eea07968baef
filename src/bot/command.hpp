#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "texts/text_id.hpp"

namespace mlbilling::bot {

enum class Command {
    start,
    help,
    balance,
    history,
    language,
    voice,
    settings,
    cancel,
    privacy,
    say
};

struct ParsedCommand {
    /// Absent: not one of ours.
    std::optional<Command> command;
    /// Written as `/name@bot`, with our name.
    bool names_bot = false;
    /// Written as `/name@bot` with another bot's name: none of our business.
    bool names_another = false;
    /// What follows the command.
    std::string_view rest;
};

/// Reads `/name` or `/name@bot` at the start of the text, upper or lower case, whatever follows.
/// Nothing when the text does not start with a slash; a text that does is never voiced.
std::optional<ParsedCommand> parse_command(std::string_view text, std::string_view bot_username);

/// Whether the text is the word «баланс» or "balance" and nothing else but punctuation.
bool is_balance_word(std::string_view normalised_text);

/// Name as it is typed, without the slash, and the text that the menu of commands shows beside it.
struct ListedCommand {
    Command command;
    std::string_view name;
    TextId description;
};
/// All commands, in the order in which they are shown.
std::span<const ListedCommand> all_commands();

/// Whether two names are the same but for the case of A to Z.
bool same_name(std::string_view one, std::string_view other);

}  // namespace mlbilling::bot
