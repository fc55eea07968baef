#pragma once

#include "sandbox/chats.hpp"

namespace mlbilling::sandbox {

/// Whether the bot gets a user's message. In a private chat always; in a group only what privacy
/// mode lets through: commands that do not name another bot, replies to the bot, and messages that
/// mention it.
bool reaches_bot(const Chat& chat, const Message& message, const Message* reply_to);

}  // namespace mlbilling::sandbox
