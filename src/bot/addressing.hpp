#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/telegram.hpp"

namespace mlbilling::bot {

/// What a message that is meant for the bot asks it to work on.
struct Request {
    /// Normalised, without the mention of the bot.
    std::string text;
    std::optional<telegram::MediaFile> media;
    /// The text or media is of the message that this one replies to. Another's text is never a
    /// command.
    bool quoted = false;
    /// Private chat, mention of the bot, or recording that answers it: certainly not meant for
    /// another bot.
    bool certain = false;
};

/// Private messages are all meant for the bot. In groups only commands are, texts that begin with a
/// mention of the bot, recordings beside which it is mentioned or that answer one of its messages,
/// and answers to someone's recording that mention it. A mention at the beginning of an answer to
/// someone's text or recording means that one. Nothing for the rest, which is talk, and for
/// messages of bots and of senders without a name, who cannot pay.
std::optional<Request> request_in(const telegram::IncomingMessage& message,
                                  std::string_view bot_username);

}  // namespace mlbilling::bot
