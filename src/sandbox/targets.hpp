#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sandbox/answer.hpp"
#include "sandbox/call.hpp"
#include "sandbox/state.hpp"

namespace mlbilling::sandbox {

// What the methods that send and edit have in common: where to, in reply to what, with which
// buttons. Error texts: telegram.md 1.4 and 2.

/// The chat that chat_id names.
OrRefusal<Chat*> chat_of(State& state, const Parameters& parameters);
/// The same, refused where the user has blocked the bot.
OrRefusal<Chat*> writable_chat_of(State& state, const Parameters& parameters);
/// The message to reply to, from reply_parameters or the older reply_to_message_id.
OrRefusal<std::optional<std::int64_t>> reply_target_of(const Chat& chat,
                                                       const Parameters& parameters);
/// The topic that message_thread_id names, or that of the message that is replied to.
OrRefusal<std::optional<std::int64_t>> topic_of(const Chat& chat, const Parameters& parameters,
                                                std::optional<std::int64_t> reply_to);
/// The inline keyboard of reply_markup; other kinds of keyboard are refused.
OrRefusal<Keyboard> keyboard_of(const Parameters& parameters);
/// The text under the name, trimmed and measured; `too_long` is the error beyond `longest`.
/// Formatting is refused: the sandbox shows plain text and says so.
OrRefusal<std::string> plain_text_of(const Parameters& parameters, const std::string& name,
                                     std::size_t longest, const std::string& too_long);
/// The message that message_id names; `what` begins the error, e.g. "message to edit".
OrRefusal<Message> message_of(const Chat& chat, const Parameters& parameters,
                              const std::string& what);

/// The JSON of a message of the chat as the bot gets it back.
std::string sent_json(const State& state, const Call& call, const Chat& chat,
                      const Message& message);
/// What the record keeps of the message.
RecordEntry entry_of(const std::string& method, const Message& message, Time at);

}  // namespace mlbilling::sandbox
